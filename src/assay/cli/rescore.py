"""`assay rescore`: every lead anew."""

from assay.actions.counting import count_all_waiting
from assay.actions.scoring import rescore as rescore_all
from assay.cli.clock import now
from assay.cli.database import with_database
from assay.cli.options import Json
from assay.cli.output import say, show_json
from assay.cli.progress import progress
from assay.cli.words import counted
from assay.intake.statements import read_statement
from assay.records.models import Lead


@with_database
def rescore(json: Json = False) -> None:
    """Score every lead as of now, and promote those that cross the threshold.

    Scores fall as signals age and rise with each new one; after a new policy all change at once.

    \b
    Example:
      assay rescore
    """
    came = count_all_waiting(now(), read_statement)
    with progress("Scoring", Lead.objects.count()) as advance:
        scored, promoted = rescore_all(now(), advance)
    promoted += came
    if json:
        show_json({"scored": scored, "promoted": promoted})
    else:
        say(f"{counted(scored, 'lead')} scored, {promoted:,} promoted.")
