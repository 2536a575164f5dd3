"""What Hypothesis draws: sections of policies, signals and facts, with a liking for edges."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from assay.domain.facts import Value
from assay.domain.intent import Signal
from assay.domain.policy_sections import Fit, Intent, Temperature

NOW = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)
"""Two days after the clocks went forward in Europe."""

KINDS = ("page", "price", "demo", "trial", "jobs", "void")
"""The kinds of :func:`intents`, except ``void``, which no policy lists."""

DAY = 86_400


def _kind(name: str) -> st.SearchStrategy[dict[str, object]]:
    points = st.integers(-40, -1) if name == "jobs" else st.integers(0, 60)
    return st.fixed_dictionaries(
        {
            "label": st.just(name),
            "points": points | points.map(lambda whole: whole / 3),
            "half_life_days": st.sampled_from([0.25, 1.0, 7.0, 10.0, 90.0]),
            "cap": st.integers(1, 100),
            "hot": st.booleans() if name == "demo" else st.just(False),
            "hand_raise": st.booleans() if name == "demo" else st.just(False),
            "milestone": st.just(name == "trial"),
        }
    )


def intents() -> st.SearchStrategy[Intent]:
    """Intent sections with any points, caps and patterns."""
    return st.fixed_dictionaries(
        {
            "floor": st.just(20),
            "lone_cap": st.integers(0, 40),
            "bands": st.just({"1": 60, "2": 40, "3": 20}),
            "pattern": st.fixed_dictionaries(
                {
                    "within_days": st.sampled_from([1, 3, 30, 366]),
                    "kinds": st.integers(1, 4),
                    "days": st.integers(1, 5),
                }
            ),
            "signals": st.fixed_dictionaries({name: _kind(name) for name in KINDS if name != "void"}),
        }
    ).map(Intent.model_validate)


def temperatures() -> st.SearchStrategy[Temperature]:
    """Hot and warm days."""
    return st.builds(
        lambda hot, more: Temperature(hot_days=hot, warm_days=hot + more), st.integers(1, 10), st.integers(0, 30)
    )


def _ages() -> st.SearchStrategy[int]:
    """Seconds before now, some in the future, many at the edge of a day."""
    edges = st.builds(
        lambda days, off: days * DAY + off, st.integers(0, 40) | st.just(366), st.sampled_from([-1, 0, 1])
    )
    return edges | st.integers(-2 * DAY, 400 * DAY) | st.integers(0, 5 * DAY)


def signals(max_size: int = 25) -> st.SearchStrategy[list[Signal]]:
    """Signals in any order, each with an identity of its own; some from bots, some of an unlisted kind."""
    drawn = st.tuples(st.sampled_from(KINDS), _ages(), st.sampled_from([False, False, False, True]))
    return st.lists(drawn, max_size=max_size).map(
        lambda rows: [
            Signal(f"m{place}", kind, NOW - timedelta(seconds=age), bot) for place, (kind, age, bot) in enumerate(rows)
        ]
    )


FIELDS = ("company.employees", "company.industry", "person.title", "lead.product")


def values() -> st.SearchStrategy[Value]:
    """Facts as they come: numbers, texts with numbers, words, blanks, and nothing."""
    return (
        st.none()
        | st.booleans()
        | st.integers(-5, 30)
        | st.floats()
        | st.just(10**400)
        | st.sampled_from(["", "  ", " 12 ", "many", "Head of Sales", "Headteacher", "SOFTWARE", " software ", "nan"])
        | st.text(max_size=8)
    )


def facts() -> st.SearchStrategy[dict[str, Value]]:
    """Any facts about the fields that :func:`fits` asks for."""
    return st.dictionaries(st.sampled_from(FIELDS), values())


_OPERATORS: st.SearchStrategy[dict[str, object]] = st.one_of(
    st.just({"present": True}),
    st.builds(lambda low, more: {"between": [low, low + more]}, st.integers(-5, 20), st.integers(0, 20)),
    st.integers(-5, 30).map(lambda number: {"at_least": number}),
    st.integers(-5, 30).map(lambda number: {"at_most": number}),
    st.lists(st.sampled_from(["head", "VP", "c++", "head of sales"]), min_size=1).map(lambda words: {"matches": words}),
    st.builds(
        lambda operator, operands: {operator: operands},
        st.sampled_from(["in", "not_in"]),
        st.lists(st.sampled_from(["Software", "Retail", 5, 12, True]), min_size=1),
    ),
    st.sampled_from(["software", 12, 12.0, False]).map(lambda operand: {"is": operand}),
)


def fits() -> st.SearchStrategy[Fit]:
    """Fit sections whose positive points add up to 100, with negative criteria and knockouts."""
    positive = st.sampled_from([(100,), (60, 40), (33.3, 33.3, 33.4), (10, 20, 30, 40)])
    negative = st.lists(st.integers(-100, 0).map(float), max_size=3)
    return st.tuples(positive, negative).flatmap(lambda points: _fit([*points[0], *points[1]]))


def _fit(points: list[float]) -> st.SearchStrategy[Fit]:
    criteria = [
        st.builds(
            lambda name, worth, field, operator, knockout: {
                "name": name,
                "points": worth,
                "field": field,
                "knockout": knockout and worth >= 0,
                **operator,
            },
            st.just(f"criterion {place}"),
            st.just(worth),
            st.sampled_from(FIELDS),
            _OPERATORS,
            st.booleans(),
        )
        for place, worth in enumerate(points)
    ]
    return st.tuples(*criteria).map(
        lambda rows: Fit.model_validate(
            {"floor": 50, "min_coverage": 50, "bands": {"A": 80, "B": 65, "C": 50}, "criteria": list(rows)}
        )
    )
