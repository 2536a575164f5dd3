"""The ladder: one table of moves, one function that decides them, and the stage that follows from the facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from assay.domain.errors import BadInput, MoveRefused
from assay.domain.phrase import Arg, Phrase, either, together
from assay.domain.policy import Policy


class Rung(StrEnum):
    LEAD = "lead"
    MQL = "mql"
    PQL = "pql"
    SAL = "sal"
    SQL = "sql"
    OPPORTUNITY = "opportunity"
    WON = "won"
    LOST = "lost"
    DISQUALIFIED = "disqualified"


class Desk(StrEnum):
    """Who may decide: intake and policy are the system, marketing and sales are people."""

    INTAKE = "intake"
    POLICY = "policy"
    MARKETING = "marketing"
    SALES = "sales"


BANT = ("budget", "authority", "need", "timeline")
GATE = frozenset({Rung.MQL, Rung.PQL})
OPEN_SALES = frozenset({Rung.SAL, Rung.SQL, Rung.OPPORTUNITY})


@dataclass(frozen=True, slots=True)
class Situation:
    """What is so about a lead before a move; ``bant`` are the notes confirmed so far."""

    rung: Rung | None
    fits: bool = False
    mql: bool = False
    milestone: bool = False
    rests_until: datetime | None = None
    owner: str = ""
    contacted: bool = False
    attempts: int = 0
    bant: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for with a move; each move reads what its guards name."""

    name: str = ""
    contact: str = ""
    source: str = ""
    owner: str = ""
    because: str = ""
    """Why this owner, where a rule chose them."""
    reason: str = ""
    text: str = ""
    fit_note: str = ""
    intent_note: str = ""
    bant: Mapping[str, str] = field(default_factory=dict)
    value: Decimal | None = None
    currency: str = ""
    close_date: date | None = None
    look_again: date | None = None
    exploration: float | None = None
    """The probability with which a lead just under the threshold was drawn; only the policy draws."""


class Case(NamedTuple):
    """Everything a guard may look at."""

    situation: Situation
    request: Request
    policy: Policy
    now: datetime


class Guard(NamedTuple):
    """A condition of a move: its name for tables and diagrams, and what says why it fails ("" where it holds)."""

    name: str
    failing: Callable[[Case], str]


def _guard(name: str, fails: Callable[[Case], bool], sentence: str) -> Guard:
    return Guard(name, lambda case: sentence if fails(case) else "")


def _rests(case: Case) -> str:
    until = case.situation.rests_until
    if until is None or case.now >= until:
        return ""
    day = until.astimezone(case.policy.zone).date()
    return Phrase("The lead rests until {day}; wait, or disqualify it.", day=day)


def _reason_from(kind: str) -> Guard:
    def failing(case: Case) -> str:
        reasons: dict[str, str] = getattr(case.policy.gate.reasons, kind)
        if case.request.reason not in reasons:
            said = {"kind": kind, "reason": case.request.reason, "reasons": tuple(reasons)}
            if case.request.reason:
                return Phrase('A {kind} reason is needed, "{reason}" is not one; choose of: {reasons}.', **said)
            return Phrase("A {kind} reason is needed, none was given; choose of: {reasons}.", **said)
        if case.request.reason == "other" and not case.request.text.strip():
            return Phrase('The reason "other" needs a text that says what.')
        return ""

    return Guard(f"a {kind} reason", failing)


def _contact_or_attempts(case: Case) -> str:
    agreed = case.policy.clocks.attempts
    if case.situation.contacted or case.situation.attempts >= agreed:
        return ""
    return Phrase(
        "Contact was not made, and {failed} of the agreed {agreed} attempts failed; try again first.",
        failed=case.situation.attempts,
        agreed=agreed,
    )


def _bant(case: Case) -> str:
    given, before = case.request.bant, case.situation.bant
    lacking = tuple(point for point in BANT if not (given.get(point, "").strip() or before.get(point, "").strip()))
    return Phrase("Not confirmed with a note: {point}.", point=lacking) if lacking else ""


def _deal(case: Case) -> str:
    value, currency, close = case.request.value, case.request.currency, case.request.close_date
    today = case.now.astimezone(case.policy.zone).date()
    if value is None or not value.is_finite() or value <= 0 or not currency:
        return Phrase("The deal needs a value above zero with a currency.")
    if close is None or close < today:
        return Phrase("The deal needs a close date that is not in the past (today is {today}).", today=today)
    return ""


def _outcome(case: Case) -> str:
    value, closed = case.request.value, case.request.close_date
    if value is None or not value.is_finite() or value <= 0 or closed is None:
        return Phrase("A win needs the actual value, above zero, and the date it was won.")
    if closed > case.now.astimezone(case.policy.zone).date():
        return Phrase("A win cannot be dated in the future.")
    return ""


CONTACT = _guard(
    "a name or contact detail",
    lambda case: not (case.request.name.strip() or case.request.contact.strip()),
    Phrase("A lead needs a name or a contact detail: email, phone or your own id."),
)
SOURCE = _guard(
    "a source",
    lambda case: not case.request.source.strip(),
    Phrase("A lead needs a source: say where it came from."),
)


def _crosses(case: Case) -> bool:
    """Over the threshold, or one of the agreed share that is explored."""
    drawn = case.request.exploration
    return case.situation.mql or (drawn is not None and case.situation.fits and 0 < drawn <= case.policy.gate.explore)


MQL_RULE = _guard(
    "the MQL rule",
    lambda case: not _crosses(case),
    Phrase("Fit and intent do not cross the agreed threshold; a marketer may still promote it with a reason."),
)
MILESTONE = _guard(
    "a product milestone",
    lambda case: not case.situation.milestone,
    Phrase("No product milestone was reached; the MQL rule may still promote it."),
)
FIT_FLOOR = _guard(
    "fit at or above the floor",
    lambda case: not case.situation.fits,
    Phrase("Fit is under the floor, or too little is known; complete the data."),
)
RESTED = Guard("not resting", _rests)
TEXT = _guard("a reason", lambda case: not case.request.text.strip(), Phrase("A reason is needed: say why."))
OWNER = _guard(
    "an owner",
    lambda case: not case.request.owner,
    Phrase("An owner is needed: say which salesperson takes the lead."),
)
VETTED = _guard(
    "fit and intent vetted",
    lambda case: not (case.request.fit_note.strip() and case.request.intent_note.strip()),
    Phrase("A person must vet fit and intent, each with a note."),
)
CONTACTED = _guard(
    "contact made",
    lambda case: not case.situation.contacted,
    Phrase("No two-way contact was made yet: log the call or meeting that reached them."),
)
DEAL = Guard("value and close date", _deal)


class Move(NamedTuple):
    """One row of the ladder. ``starts_pass`` begins the next trip; ``rests`` keeps the lead from promotion."""

    name: str
    origins: frozenset[Rung]
    to: Rung
    desks: frozenset[Desk]
    guards: tuple[Guard, ...]
    starts_pass: bool = False
    rests: bool = False


def _row(
    name: str, origins: str, to: Rung, desks: str, *guards: Guard, starts_pass: bool = False, rests: bool = False
) -> Move:
    return Move(
        name,
        frozenset(Rung(rung) for rung in origins.split()),
        to,
        frozenset(Desk(desk) for desk in desks.split()),
        guards,
        starts_pass,
        rests,
    )


LADDER: tuple[Move, ...] = (
    _row("capture", "", Rung.LEAD, "intake marketing sales", CONTACT, SOURCE),
    _row("promote", "lead", Rung.MQL, "policy", MQL_RULE, RESTED),
    _row("promote", "lead", Rung.MQL, "marketing", TEXT, RESTED),
    _row("promote_product", "lead mql", Rung.PQL, "policy", MILESTONE, FIT_FLOOR, RESTED),
    _row("accept", "mql pql", Rung.SAL, "sales", OWNER),
    _row("qualify", "sal", Rung.SQL, "sales", VETTED),
    _row("reject", "mql pql", Rung.LEAD, "sales", _reason_from("rejection"), rests=True),
    _row(
        "open_deal",
        "sql",
        Rung.OPPORTUNITY,
        "sales",
        CONTACTED,
        Guard("BANT confirmed", _bant),
        DEAL,
    ),
    _row("win", "opportunity", Rung.WON, "sales", Guard("actual value and date", _outcome)),
    _row("lose", "opportunity", Rung.LOST, "sales", _reason_from("loss")),
    _row("disqualify", "lead mql pql", Rung.DISQUALIFIED, "marketing", _reason_from("disqualification")),
    _row(
        "disqualify",
        "sal sql",
        Rung.DISQUALIFIED,
        "sales",
        _reason_from("disqualification"),
        Guard("contact made or attempts failed", _contact_or_attempts),
    ),
    _row("recycle", "sal sql lost", Rung.LEAD, "sales", _reason_from("recycle"), starts_pass=True, rests=True),
    _row("reopen", "disqualified won", Rung.LEAD, "marketing sales", TEXT, starts_pass=True),
    _row("withdraw", "mql pql", Rung.LEAD, "marketing", TEXT, rests=True),
)

MOVES: tuple[str, ...] = tuple(dict.fromkeys(row.name for row in LADDER))


ASSIGN = "assign"
"""What the ledger calls a lead's going to another owner: a decision, but no move on the ladder."""


def move(name: str, desks: frozenset[Desk], case: Case) -> Move:
    """The row by which this move is allowed now.

    ``desks`` are those the decider sits at. Raises BadInput for a move that does not exist, MoveRefused naming
    the rung and the move when the rung, the desk or a guard says no.
    """
    if name not in MOVES:
        raise BadInput("unknown_move", f'There is no move "{name}".', f"The moves are {', '.join(MOVES)}.")
    rung = case.situation.rung
    said: dict[str, Arg] = {"rung": rung or Phrase("none"), "move": name}
    from_here = [row for row in LADDER if row.name == name and _starts_at(row, rung)]
    if not from_here:
        origins = sorted({origin for row in LADDER if row.name == name for origin in row.origins})
        raise MoveRefused(
            "wrong_rung",
            Phrase("A lead on rung {rung} cannot {move}.", **said),
            Phrase("{move} starts from {origins}.", move=name, origins=either(*origins))
            if origins
            else Phrase("{move} starts from nothing: the lead exists already.", move=name),
        )
    allowed = [row for row in from_here if row.desks & desks]
    if not allowed:
        needed = sorted({desk for row in from_here for desk in row.desks})
        said["desks"] = either(*needed)
        raise MoveRefused("wrong_desk", Phrase("{move} from rung {rung} is decided by {desks}.", **said))
    failures = [failing_guards(row, case) for row in allowed]
    if all(failures):
        sentences = together(*(sentence for _, sentence in failures[-1]))
        raise MoveRefused("guard_failed", Phrase("A lead on rung {rung} cannot {move} yet.", **said), sentences)
    return allowed[failures.index([])]


def failing_guards(row: Move, case: Case) -> list[tuple[str, str]]:
    """The guards of a row that fail now, by name, each with the sentence that says what to do."""
    return [(guard.name, sentence) for guard in row.guards if (sentence := guard.failing(case))]


def moves_from(rung: Rung, desks: frozenset[Desk]) -> list[Move]:
    """The rows that someone at these desks could try from a rung."""
    return [row for row in LADDER if rung in row.origins and row.desks & desks]


def _starts_at(row: Move, rung: Rung | None) -> bool:
    return rung in row.origins if rung else not row.origins


class Stage(StrEnum):
    LEAD = "lead"
    PROSPECT = "prospect"
    OPPORTUNITY = "opportunity"


def stage(rung: Rung, *, contacted: bool, qualified: bool, deal: bool) -> Stage:
    """The stage that follows from the rung and three facts; nobody types it in.

    ``qualified``: budget, authority, need and timeline are confirmed. ``deal``: value and close date are recorded.
    """
    if rung in (Rung.OPPORTUNITY, Rung.WON, Rung.LOST) and contacted and qualified and deal:
        return Stage.OPPORTUNITY
    if rung is Rung.SQL and contacted:
        return Stage.PROSPECT
    return Stage.LEAD


def desk_of(rung: Rung) -> Desk:
    """Whose desk a lead is on: marketing's until sales accepts it."""
    return Desk.SALES if rung in OPEN_SALES or rung in (Rung.WON, Rung.LOST) else Desk.MARKETING
