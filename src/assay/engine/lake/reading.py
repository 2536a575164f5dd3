"""The lake as tables, on any engine."""

from collections.abc import Iterable, Sequence

import pyarrow.dataset
from sqlglot import exp

from assay.domain.errors import BadInput
from assay.domain.policy import Policy
from assay.engine.backend import Backend, Native
from assay.engine.duck import Duck, Relation
from assay.engine.lake.manifest import BLOCK, Block, File, Manifest
from assay.engine.lake.store import Store
from assay.engine.statements import query

WHOSE = """
    SELECT i.lead, s.kind, s.at, s.received_at, s.bot
    FROM signals AS s JOIN identities AS i ON s.identity = i.identity
"""
NONE = """
    SELECT i.lead, '' AS kind, CAST(0 AS BIGINT) AS at, CAST(0 AS BIGINT) AS received_at, FALSE AS bot
    FROM identities AS i WHERE FALSE
"""
COUNTED = "id // {block} AS block, COUNT(*), SUM(id)::BIGINT, ({marked})::BIGINT"


def table(backend: Backend, store: Store, files: Sequence[File]) -> Native:
    """The rows of files of one table."""
    if not isinstance(backend, Duck):
        return backend.read([store.url(file.path) for file in files])
    paths = [store.path(file.path) for file in files]
    if store.is_folder:
        return backend.read(paths)
    return backend.connection.from_arrow(pyarrow.dataset.dataset(paths, filesystem=store.files, format="parquet"))


def counted_in_blocks(rows: Relation) -> dict[int, Block]:
    """Rows of a log counted as the database counts them."""
    marked = "SUM(bot::INT)" if "bot" in rows.columns else "0"
    counts = rows.aggregate(COUNTED.format(block=BLOCK, marked=marked), "block").fetchall()
    return {block: (count, total, marks) for block, count, total, marks in counts}


def signals_of(backend: Backend, store: Store, manifest: Manifest) -> Native:
    """Every signal that is some lead's: ``lead``, ``kind``, ``at`` and ``received_at`` in microseconds, ``bot``."""
    identities = small(backend, store, manifest, "identities")
    files = manifest.log("signals").files
    if not files:
        return backend.run(query(NONE), identities=identities)
    return backend.run(query(WHOSE), signals=table(backend, store, files), identities=identities)


def leads_of(backend: Backend, store: Store, manifest: Manifest, policy: Policy) -> Native:
    """Every lead by its key ``lead``, with the facts that the policy asks for."""
    asked = dict.fromkeys(criterion.field for criterion in policy.fit.criteria)
    facts = (exp.alias_(fact(field), field, quoted=True) for field in asked)
    leads = small(backend, store, manifest, "leads")
    return backend.run(exp.select("lead", *facts).from_(exp.to_table("leads").as_("l")), leads=leads)


def fact(field: str) -> exp.Expr:
    """A fact of a lead, as text; null where it is not known."""
    return exp.Bracket(this=exp.column("facts", "l"), expressions=[exp.Literal.string(field)])


def small(backend: Backend, store: Store, manifest: Manifest, name: str) -> Native:
    """One of the tables that are written as a whole. Raises BadInput where there is none yet."""
    if name not in manifest.tables:
        raise BadInput("empty_lake", f"The lake {store.root} is empty.", "Fill it with: assay lake sync")
    return table(backend, store, [manifest.tables[name]])


def faults(store: Store, manifest: Manifest) -> Iterable[str]:
    """What is wrong with the files of a lake, a sentence each: missing, changed since, or not what was counted."""
    whole = True
    for file in manifest.files:
        if (digest := store.digest(file.path)) != file.digest:
            whole = False
            yield f"{file.path} is not there." if not digest else f"{file.path} is not as it was written."
    for name, log in manifest.logs.items() if whole else ():
        yield from _miscounted(store, name, log.files, log.blocks)


def _miscounted(store: Store, name: str, files: Sequence[File], blocks: dict[int, Block]) -> Iterable[str]:
    from assay.engine.duck import duck

    with duck("UTC") as backend:
        found = counted_in_blocks(table(backend, store, files)) if files else {}
    for block in sorted(found.keys() | blocks.keys()):
        if found.get(block) != blocks.get(block):
            yield f"{name} from id {block * BLOCK} on are not those that were counted when they were written."
