"""The lines of a lead's history, in the words of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assay.actions.gate import VETTED_BY_ACCEPTING
from assay.desk import words
from assay.desk.telling import by_whom, told
from assay.desk.templatetags.desk import money, percent, points
from assay.desk.values import shown_day, shown_value
from assay.domain.policy import Policy
from assay.domain.routing import why_of
from assay.records.models import Answer, Decision, Edit, Lead, Signal, Touch
from assay.records.timeline import Entry, Kind, Place, timeline

SIZE = 25

TABS: Mapping[str, words.Text] = {
    "": gettext_lazy("All"),
    Kind.SIGNAL: gettext_lazy("Signals"),
    Kind.TOUCH: gettext_lazy("Contacts"),
    Kind.DECISION: gettext_lazy("Decisions"),
    Kind.EDIT: gettext_lazy("Corrections"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: what, the words said with it, by whom, and what else the record holds."""

    kind: Kind
    at: datetime
    what: object
    said: str = ""
    by: str = ""
    more: Sequence[str] = field(default_factory=tuple)
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A page of the history: of which kind, whether it starts at the newest, and where older lines follow."""

    lines: Sequence[Line]
    kind: str
    tabs: Mapping[str, words.Text]
    newest: bool
    older: Place | None


def history(lead: Lead, query: QueryDict, policy: Policy) -> History:
    """The page of the history that an address asks for."""
    kind = query.get("kind", "")
    kinds = [Kind(kind)] if kind in list(Kind) else list(Kind)
    before = Place.read(query.get("before", ""))
    entries, older = timeline(lead, SIZE, kinds, before)
    lines = [_line(entry, policy) for entry in entries]
    return History(lines, kind if kind in list(Kind) else "", TABS, before is None, older)


def _line(entry: Entry, policy: Policy) -> Line:
    match entry.kind:
        case Kind.SIGNAL:
            return _signal(cast("Signal", entry.row), policy)
        case Kind.TOUCH:
            return _touch(cast("Touch", entry.row))
        case Kind.EDIT:
            return _edit(cast("Edit", entry.row))
    return _decision(cast("Decision", entry.row), policy)


def _signal(row: Signal, policy: Policy) -> Line:
    more = [str(words.ROBOTS.get(row.bot_reason, words.ROBOTS["crawler"]))] if row.bot else []
    return Line(Kind.SIGNAL, row.at, words.signal(policy, row.kind), row.url, more=more)


def _touch(row: Touch) -> Line:
    outcome = _("reached them") if row.reached else _("did not reach them")
    more = [_("automatic: counts for no clock")] if row.automatic else []
    return Line(Kind.TOUCH, row.at, _named(words.TOUCHES[row.kind], outcome), row.note, by_whom(row), more)


def _edit(row: Edit) -> Line:
    before, after = (shown_value(row.field, value) for value in (row.before, row.after))
    said = _("%(before)s, now %(after)s") % {"before": before, "after": after}
    return Line(Kind.EDIT, row.at, _("Corrected: %(fact)s") % {"fact": words.fact(row.field)}, said, by_whom(row))


def _decision(row: Decision, policy: Policy) -> Line:
    why = [words.reason(policy, row.move, row.reason)] if row.reason else []
    said = ": ".join([*why, row.text] if row.text else why)
    return Line(
        Kind.DECISION,
        row.at,
        _deed(row),
        said,
        by_whom(row),
        [*_details(row), *_programs(row), *_score(row)],
        getattr(row, "answer", None),
    )


def _deed(row: Decision) -> str:
    done = str(words.DONE[row.move])
    if row.from_rung in ("", row.to_rung):
        return done
    return f"{done} ({words.RUNGS[row.from_rung]} → {words.RUNGS[row.to_rung]})"


def _details(row: Decision) -> list[str]:
    """What else was said with a decision."""
    details, lines = row.details, _ownership(row)
    for key, name in (("fit_note", _("Fit")), ("intent_note", _("Interest"))):
        if key in details:
            lines.append(_named(name, _note(details[key])))
    if "value" in details:
        lines.append(money(Decimal(details["value"]), details.get("currency") or "EUR"))
    if "close_date" in details and row.move == "open_deal":
        lines.append(_("closes on %(day)s") % {"day": shown_day(details["close_date"])})
    if "exploration" in details:
        lines.append(_("exploration, one of %(share)s") % {"share": percent(details["exploration"])})
    if "look_again" in details:
        lines.append(_("look again on %(day)s") % {"day": shown_day(details["look_again"])})
    return lines


def _ownership(row: Decision) -> list[str]:
    """Who owns the lead from then on, where that is what was decided, and why they do, where a rule said it."""
    owner, why = row.details.get("owner_name"), row.details.get("because")
    return [*([_named(_("Owner"), owner)] if owner else []), *([told(why_of(why))] if why else [])]


def _programs(row: Decision) -> list[str]:
    """Whose draft a decision was, and through which program it was made."""
    drafted = [_("drafted by %(who)s") % {"who": who}] if (who := row.details.get("drafted_by")) else []
    return [*drafted, *([_("through %(program)s") % {"program": via}] if (via := row.details.get("via")) else [])]


def _named(name: object, text: str) -> str:
    return _("%(name)s: %(text)s") % {"name": name, "text": text}


def _note(text: str) -> str:
    """What was said of fit or interest; where accepting said it by itself, in the reader's language."""
    return told(VETTED_BY_ACCEPTING) if text == VETTED_BY_ACCEPTING else text


def _score(row: Decision) -> list[str]:
    """Under which policy it was decided, and the score as it stood then."""
    lines = [_("policy version %(version)d") % {"version": row.policy_id}]
    if row.score:
        lines.append(
            _("fit %(fit)s, intent %(intent)s")
            % {"fit": points(row.score["fit"]), "intent": points(row.score["intent"])}
        )
    return lines
