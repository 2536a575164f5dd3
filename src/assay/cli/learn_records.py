"""Learning from the leads on record that have ended, and what was learned last."""

from assay.actions.learning import learn_again, since_then
from assay.cli.acting import moment_or_now, rule_at
from assay.cli.clock import shown
from assay.cli.database import with_database
from assay.cli.learned import show_report
from assay.cli.output import paragraph, say, show_json
from assay.cli.progress import progress
from assay.domain.errors import NotFound
from assay.domain.features import label_of
from assay.records.learned import newest


@with_database
def learn_records(status: bool, now: str | None, json: bool) -> None:
    """Learn and show the report, or show that of the last time."""
    at = moment_or_now(now)
    with progress("Learning") as advance:
        row = newest() if status else learn_again(at, advance)
    if row is None:
        raise NotFound("nothing_learned", "Nothing was learned yet.", "Learn with: assay learn")
    since, rule = since_then(at) if status else None, rule_at(at).policy
    if json:
        whole = {"version": row.version, "trained_at": row.trained_at, "policy": row.policy_id, **row.report}
        show_json(whole | ({"since": since and since._asdict()} if status else {}))
        return
    say(f"Version {row.version}, learned {shown(row.trained_at, rule.zone)}\n")
    show_report(row.report, lambda name: label_of(name, rule))
    if since:
        say()
        paragraph(since.says(lambda name: label_of(name, rule)))
