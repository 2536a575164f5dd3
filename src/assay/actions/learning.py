"""Learning from outcomes, and predicting by it: a version is kept with its report, and no lead ever moves by one."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from math import sqrt
from typing import Any

from assay.actions.policies import rule
from assay.actions.writing import in_transaction, upsert
from assay.domain.chances import Report, Since
from assay.domain.evidence import SPREAD
from assay.domain.features import Known
from assay.learning.columns import Column
from assay.learning.drift import drift, shares
from assay.learning.learn import learn
from assay.learning.reasons import reasons_of
from assay.learning.said import applied, parameters, report, says
from assay.learning.trials import Advance
from assay.records.learned import newest
from assay.records.models import LearnedModel, Prediction
from assay.records.promoted import count_ended, ended, open_leads, waiting

WEEK = timedelta(days=7)
GROWN = 1.1
"""So many times the outcomes of last time are worth learning again."""
CHUNK = 1_000
"""Leads a transaction: small enough that the desk stays quick on SQLite."""


def learn_again(now: datetime, advance: Advance = lambda more: None) -> LearnedModel:
    """Learn from the leads that have ended by ``now``, keep it as the next version, and predict the open leads by it.

    ``advance`` is told how many more outcomes are done. Raises NotInstalled without scikit-learn, once there are
    outcomes enough.
    """
    current = rule(now)
    found = ended(current.policy, now)
    columns = columns_of([each.known for each in found])
    learned = learn(columns, [each.won for each in found], advance=advance)
    row = LearnedModel(
        trained_at=now,
        policy_id=current.version,
        outcomes=learned.rows,
        won=learned.won,
        says=says(learned),
        report=report(learned, columns),
        parameters=parameters(learned, columns),
    )
    in_transaction(row.save)
    predict(now)
    return row


def due(now: datetime) -> int:
    """How many outcomes there are to learn from, where it is time to: a week later, and with a tenth more; else 0."""
    last = newest()
    if last and now < last.trained_at + WEEK:
        return 0
    outcomes = count_ended(now)
    return outcomes if outcomes > (GROWN * last.outcomes if last else 0) else 0


def predict(now: datetime) -> int:
    """Predict the open leads that the newest version has not predicted as they stand. Returns how many were.

    A lead is predicted by what was known when it was promoted, so it is done once a pass and version.
    """
    row, done, after = newest(), 0, 0
    if row is None or row.says != Report.TELLS:
        return 0
    while leads := waiting(row, after, CHUNK):
        after, found = leads[-1], open_leads(rule(now).policy, leads)
        rows = [
            Prediction(lead_id=lead.lead, model=row, pass_no=lead.pass_no, made_at=now, **said)
            for lead, said in zip(found, _chances(row, [lead.known for lead in found]), strict=True)
        ]
        in_transaction(partial(upsert, Prediction, rows, ["lead"], FIELDS))
        done += len(rows)
    return done


FIELDS = ("model", "pass_no", "made_at", "chance", "low", "high", "reasons")
"""What a prediction says."""


def _chances(row: LearnedModel, known: Sequence[dict[str, Known]]) -> Iterator[dict[str, Any]]:
    """The chance of each, with its range and reasons."""
    if not known:
        return
    model, line = applied(row.parameters or {})
    columns = columns_of(known)
    for score, why in zip(model.scores(columns), reasons_of(model, line.slope, columns), strict=True):
        yield {**asdict(line.chance(float(score))), "reasons": [reason.as_json() for reason in why]}


def since_then(now: datetime) -> Since | None:
    """Whether what was learned last still holds for what has ended since; None where it predicts nothing."""
    row = newest()
    if row is None or row.parameters is None:
        return None
    found = ended(rule(now).policy, now, since=row.trained_at)
    if not found:
        return Since(0, 0, 0.0, 0.0, 0.0, ())
    model, line = applied(row.parameters)
    columns = columns_of([each.known for each in found])
    chances = line.chances(model.scores(columns))
    expected, reach = float(chances.sum()), SPREAD * sqrt(float((chances * (1 - chances)).sum()))
    shifted = [shift.column for shift in drift(row.parameters["shares"], shares(model, columns)) if shift.shifted]
    won = sum(each.won for each in found)
    return Since(len(found), won, expected, max(0.0, expected - reach), expected + reach, tuple(shifted))


def columns_of(rows: Sequence[dict[str, Known]]) -> list[Column]:
    """Named values, a row a lead, as columns."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [Column(name, [row.get(name) for row in rows]) for name in names]
