"""Arguments and options that many commands share, each with its help said once."""

from pathlib import Path
from typing import Annotated

import typer

from assay.intake.date_order import DateOrder

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]
As = Annotated[
    str | None, typer.Option("--as", metavar="EMAIL", help="Who acts: a user's email, else ASSAY_USER, else you.")
]
Now = Annotated[
    str | None, typer.Option("--now", metavar="TIME", help="As if it were this time (ISO 8601) instead of now.")
]
Lead = Annotated[
    str, typer.Argument(metavar="LEAD", show_default=False, help="A lead's number, email, or your own id of it.")
]
Leads = Annotated[
    list[str], typer.Argument(metavar="LEAD", show_default=False, help="Numbers, emails, or your own ids of leads.")
]
Text = Annotated[str, typer.Option("--text", metavar="TEXT", help="More words; needed for the reason other.")]
Reason = Annotated[str, typer.Option("--reason", metavar="CODE", help="A code of the policy; a wrong one lists them.")]
Why = Annotated[str, typer.Option("--reason", "--text", metavar="TEXT", help="Why, in your words.")]
Point = Annotated[str, typer.Option(metavar="NOTE", help="What confirms it.")]
Limit = Annotated[int, typer.Option("--limit", min=0, metavar="N", help="At most so many; 0 shows all.")]
Encoding = Annotated[
    str | None, typer.Option("--encoding", metavar="NAME", help="Encoding of the file, where the guess is wrong.")
]
Delimiter = Annotated[
    str | None, typer.Option("--delimiter", metavar="CHAR", help="What separates cells, where the guess is wrong.")
]
Sheet = Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="Which sheet of a workbook.")]
Order = Annotated[
    DateOrder, typer.Option("--date-order", help="What 03/04/2026 means, where the column does not prove it.")
]
Source = Annotated[str, typer.Option("--source", metavar="NAME", help="Where the lead came from.")]
Destination = Annotated[Path, typer.Option("--to", metavar="PATH", show_default=False, help="File or folder to write.")]
Plot = Annotated[
    Path | None, typer.Option("--plot", metavar="FILE", help="Draw it as well: a .svg, .png or .pdf.", dir_okay=False)
]
