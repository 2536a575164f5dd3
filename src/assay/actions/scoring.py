"""How the live score is kept: fold new signals, store the score with its parts, and promote what crosses."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

import msgspec
from django.db import connection
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from assay.actions.actors import POLICY
from assay.actions.moves import Standing, move_all
from assay.actions.passes import keep_segments
from assay.actions.policies import Rule, rule
from assay.actions.writing import in_transaction, update, upsert
from assay.domain.exploration import is_drawn, is_just_under
from assay.domain.intent import KindState
from assay.domain.intent import Signal as Observed
from assay.domain.ladder import Request, Rung
from assay.domain.score import Score as Scored
from assay.records.facts import facts_of
from assay.records.listed import listed
from assay.records.models import Lead, Pass, PendingSignal, Score, Signal, SignalState

CHUNK = 1_000
"""Leads a transaction: small enough that the desk stays quick on SQLite."""

States = dict[int, dict[str, KindState]]


def fold_signals(signals: Iterable[tuple[Signal, int | None]], at: datetime) -> list[int]:
    """Fold stored signals into the states of their leads; those dated after ``at`` wait until their time has come.

    Runs within the caller's transaction. Returns the ids of the leads whose states changed.
    """
    by_lead: dict[int, list[Observed]] = defaultdict(list)
    waiting = []
    for signal, lead_id in signals:
        if signal.at > at:
            waiting.append(PendingSignal(signal=signal, at=signal.at))
        elif lead_id is not None:
            by_lead[lead_id].append(Observed(signal.message_id, signal.kind, signal.at, signal.bot))
    PendingSignal.objects.bulk_create(waiting, ignore_conflicts=True)
    lead_ids = sorted(by_lead)
    lock(lead_ids)
    outdated = recount_outdated(lead_ids, at)
    states, fold = states_of(lead_ids), rule(at).scorer.intent.fold
    for lead_id in set(lead_ids) - outdated:
        fold(by_lead[lead_id], at, into=states[lead_id])
    keep(states)
    return lead_ids


def recount_outdated(lead_ids: Sequence[int], at: datetime) -> set[int]:
    """Fold anew, from the log, the leads last scored under another policy: its kinds or half-lives may differ."""
    version = rule(at).version
    outdated = set(Score.objects.filter(lead__in=lead_ids).exclude(policy=version).values_list("pk", flat=True))
    if outdated:
        recount(sorted(outdated), at)
    return outdated


def recount(lead_ids: Sequence[int], at: datetime) -> None:
    """Replace the states of leads by a fold over all their signals, whose time has come by ``at``.

    Signals that wait to be counted are left to whoever counts them, so that none is counted twice.
    """
    if not lead_ids:
        return
    lock(lead_ids)
    SignalState.objects.filter(lead__in=lead_ids).delete()
    keep(refolded(lead_ids, at, waiting=False))


def lock(lead_ids: Sequence[int]) -> None:
    """Hold these leads until the transaction ends, always in the same order so that two writers cannot cross."""
    list(Lead.objects.select_for_update().filter(pk__in=lead_ids).order_by("pk").values_list("pk"))


def states_of(lead_ids: Sequence[int]) -> States:
    """The folded signals of leads by kind."""
    states: States = {lead_id: {} for lead_id in lead_ids}
    found = SignalState.objects.filter(lead_id__in=listed(lead_ids)).annotate(text=Cast("days", TextField()))
    rows = found.values_list("lead_id", "kind", *SignalState.NUMBERS, "text")
    for lead_id, kind, half_life, weight, ref, count, first, last, days in rows:
        states[lead_id][kind] = KindState(half_life, weight, ref, count, first, last, _read_days(days))
    return states


_read_days = msgspec.json.Decoder(set[int]).decode
"""Many at once, which Django's own decoder reads at a tenth of the speed."""


def keep(states: States) -> None:
    """Write folded states."""
    rows = [SignalState.of(lead_id, kind, state) for lead_id, kinds in states.items() for kind, state in kinds.items()]
    upsert(SignalState, rows, ["lead", "kind"], SignalState.FIELDS)


def refolded(lead_ids: Sequence[int], at: datetime, waiting: bool = True) -> States:
    """The states of leads counted from the log of signals, as of ``at``; nothing is written.

    ``waiting`` counts those in as well that no scorer has come to yet.
    """
    fold = rule(at).scorer.intent.fold
    states: States = {lead_id: {} for lead_id in lead_ids}
    signals = Signal.objects.filter(identity__person__lead__in=lead_ids, at__lte=at, bot=False)
    if not waiting:
        signals = signals.filter(pendingsignal=None)
    rows = signals.values_list("identity__person__lead", "message_id", "kind", "at")
    for lead_id, message_id, kind, moment in rows.iterator():
        fold([Observed(message_id, kind, moment)], at, into=states[lead_id])
    return states


def score_leads(lead_ids: Sequence[int], at: datetime, states: States | None = None) -> list[int]:
    """Score leads, store the scores with their parts, and promote those that cross.

    ``states`` are their folded signals under the rule in force, where they are at hand. Runs within the caller's
    transaction. Returns the ids of the leads that were promoted.
    """
    current = rule(at)
    leads = list(
        Lead.objects.select_for_update(of=("self",))
        .select_related("person", "company")
        .filter(pk__in=lead_ids)
        .order_by("pk")
    )
    if states is None:
        recount_outdated(lead_ids, at)
        states = states_of(lead_ids)
    facts = {lead.pk: facts_of(lead) for lead in leads}
    scores = [(lead, current.scorer.score(facts[lead.pk], states[lead.pk], at)) for lead in leads]
    for lead, scored in scores:
        put_score(lead, scored)
    update(Lead, leads, Lead.SCORED)
    rows = [score_row(lead, scored, current, at) for lead, scored in scores]
    upsert(Score, rows, ["lead"], ["policy", "as_of", "parts", "missing"])
    keep_segments(facts)
    return promote_all(leads, current, at)


def score_new(lead: Lead, current: Rule, at: datetime) -> Scored:
    """Score a lead that has no signals yet, before it is written."""
    scored = current.scorer.score(facts_of(lead), {}, at)
    put_score(lead, scored)
    return scored


def put_score(lead: Lead, scored: Scored) -> None:
    """Copy the numbers by which leads are listed and decided onto the lead."""
    for name in Lead.SCORED:
        setattr(lead, name, getattr(scored, name))


def score_row(lead: Lead, scored: Scored, current: Rule, at: datetime) -> Score:
    """The stored explanation of a score."""
    return Score(
        lead_id=lead.pk,
        policy_id=current.version,
        as_of=at,
        parts=[part.as_json() for part in scored.parts],
        missing=list(scored.missing),
    )


def may_cross(current: Rule) -> Q:
    """Which leads `promote_all` may promote, so that no others are read for it."""
    by_score = Q(rung=Rung.LEAD) if current.policy.gate.explore else Q(rung=Rung.LEAD, mql=True)
    return Q(fits=True) & (by_score | Q(milestone=True, rung__in=(Rung.LEAD, Rung.MQL)))


def promote_all(leads: Sequence[Lead], current: Rule, at: datetime) -> list[int]:
    """Promote the scored leads that cross: by the product first, as that says more, else by the MQL rule."""
    promoted = []
    for name, ready in (("promote_product", _ready_by_product), ("promote", _ready_by_score)):
        due = [lead for lead in leads if ready(lead) and _rested(lead, at)]
        passes = {row.lead_id: row for row in Pass.objects.filter(lead__in=due, number=F("lead__pass_no"))}
        if due:
            move_all(name, [(Standing(lead, passes[lead.pk]), Request()) for lead in due], POLICY, at, current)
        promoted += [lead.pk for lead in due]
    return promoted + (_explore(leads, current, at) if current.policy.gate.explore else [])


def _explore(leads: Sequence[Lead], current: Rule, at: datetime) -> list[int]:
    """Send those of the agreed share just under the threshold to the gate, once a pass."""
    share = current.policy.gate.explore
    near = [lead for lead in leads if lead.rung == Rung.LEAD and _is_near(lead, current) and _rested(lead, at)]
    drawn = [lead for lead in near if is_drawn(lead.pk, lead.pass_no, share)]
    passes = {row.lead_id: row for row in Pass.objects.filter(lead__in=drawn, number=F("lead__pass_no"), mql_at=None)}
    due = [(Standing(lead, passes[lead.pk]), Request(exploration=share)) for lead in drawn if lead.pk in passes]
    if due:
        move_all("promote", due, POLICY, at, current)
    return [here.lead.pk for here, _ in due]


def _is_near(lead: Lead, current: Rule) -> bool:
    return is_just_under(lead.fits, lead.pattern, lead.intent, lead.total, current.policy)


def _rested(lead: Lead, at: datetime) -> bool:
    return not (lead.rests_until and at < lead.rests_until)


def _ready_by_product(lead: Lead) -> bool:
    return lead.milestone and lead.fits and lead.rung in (Rung.LEAD, Rung.MQL)


def _ready_by_score(lead: Lead) -> bool:
    return lead.mql and lead.rung == Rung.LEAD


def rescore(at: datetime, progress: Callable[[int], object] = lambda done: None) -> tuple[int, int]:
    """Score every lead as of ``at``, chunk by chunk, and promote those that cross. Returns leads scored and promoted.

    ``progress`` is told how many leads each chunk held.
    """
    scored = promoted = 0
    for lead_ids in batched(list(Lead.objects.order_by("pk").values_list("pk", flat=True)), CHUNK):
        promoted += len(in_transaction(partial(_rescore_chunk, lead_ids, at)))
        scored += len(lead_ids)
        progress(len(lead_ids))
    return scored, promoted


def rescore_outdated(at: datetime) -> tuple[int, int]:
    """Score the leads that were last scored under another rule. Returns leads scored and promoted.

    Several processes may do this at once; each takes leads that no other has.
    """
    scored = promoted = 0
    while chunk := in_transaction(partial(_rescore_outdated_chunk, at)):
        scored, promoted = scored + chunk[0], promoted + chunk[1]
    return scored, promoted


def _rescore_outdated_chunk(at: datetime) -> tuple[int, int] | None:
    version = rule(at).version
    # Not as "other than": the index is used for less and for more.
    outdated = Lead.objects.filter(Q(score__policy__lt=version) | Q(score__policy__gt=version)).order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        outdated = outdated.select_for_update(of=("self",), skip_locked=True)
    lead_ids = list(outdated.values_list("pk", flat=True)[:CHUNK])
    return (len(lead_ids), len(score_leads(lead_ids, at))) if lead_ids else None


def _rescore_chunk(lead_ids: Sequence[int], at: datetime) -> list[int]:
    lock(lead_ids)
    return score_leads(lead_ids, at)


def batched(ids: Sequence[int], size: int) -> Iterator[list[int]]:
    """Ids in lists of at most ``size``."""
    return (list(ids[start : start + size]) for start in range(0, len(ids), size))
