"""The 21 leads that wait at the gate at the end of the month: some for minutes, some for far too long."""

from assay.demo.habits import (
    ASKS_FOR_CALL,
    ASKS_FOR_DEMO,
    ASKS_FOR_PRICE,
    FOLLOWS_LETTER,
    JUST_ENOUGH,
    READS,
    RESEARCHES,
    SIGNS_UP,
    TRIES,
)
from assay.demo.month import during, late_evening, minutes_ago, working_hours_ago
from assay.demo.persona import Persona
from assay.demo.profiles import IDEAL, JUNIOR, NO_BUDGET
from assay.domain.audit import Mistake

# Those who asked are answered within their hour or still may be.
FRESH = (
    Persona(
        name="fresh_hot",
        profile=IDEAL,
        sources={"Website": 1, "Google Ads": 1, "Referral": 1},
        when=minutes_ago(4, 50),
        visit=ASKS_FOR_DEMO,
        pages=(1, 4),
    ),
    Persona(
        name="fresh_warm",
        profile=NO_BUDGET,
        sources={"Website": 2, "LinkedIn": 1, "Webinar": 1, "Partner": 1},
        when=minutes_ago(15, 420),
        visit=RESEARCHES,
        known=20,
        before=SIGNS_UP,
    ),
    Persona(
        name="fresh_trial",
        profile=IDEAL,
        sources={"Website": 1},
        when=working_hours_ago(2, 5),
        visit=TRIES,
        known=30,
        before=SIGNS_UP,
    ),
)

WAITING = (
    Persona(
        name="left_overnight",
        profile=IDEAL,
        sources={"Website": 1, "Google Ads": 1},
        when=late_evening(working_hours_ago(10, 14)),
        visit=ASKS_FOR_PRICE,
        plants=(Mistake.SLOW_RESPONSE, Mistake.ONE_WAY_HANDOFF),
    ),
    Persona(
        name="waiting",
        profile=JUNIOR,
        sources={"Website": 3, "Webinar": 1, "Referral": 1},
        when=working_hours_ago(16, 36),
        visit=FOLLOWS_LETTER,
        known=24,
        before=READS,
        later=("page_view",),
        plants=(Mistake.ONE_WAY_HANDOFF,),
    ),
    Persona(
        name="forgotten",
        profile=IDEAL,
        sources={"Website": 1, "Google Ads": 1, "LinkedIn": 1},
        when=during(0.35, 0.55),
        visit=ASKS_FOR_CALL,
        later=("page_view",),
        plants=(Mistake.SLOW_RESPONSE, Mistake.ONE_WAY_HANDOFF),
    ),
    Persona(
        name="cooling",
        profile=JUNIOR,
        sources={"Website": 1, "Webinar": 1},
        when=during(0.1, 0.3),
        visit=JUST_ENOUGH,
        plants=(Mistake.ONE_WAY_HANDOFF,),
    ),
)

UNDECIDED = (*FRESH, *WAITING)
