"""The ten leads that sales accepted: four deals, one of them won, and what became of the other six."""

from assay.demo.deeds import (
    accepts,
    calls,
    calls_in_vain,
    confirms,
    disqualifies,
    loses,
    marketing_promotes,
    meets,
    opens_deal,
    recycles,
    wins,
    writes_in_vain,
)
from assay.demo.habits import (
    ASKS_FOR_CALL,
    ASKS_FOR_DEMO,
    ASKS_FOR_PRICE,
    ATTENDS,
    READS,
    RESEARCHES,
    SIGNS_UP,
    TRIES,
)
from assay.demo.month import after_webinar, during, late_evening
from assay.demo.persona import Persona
from assay.demo.profiles import IDEAL, NO_BUDGET, TINY
from assay.domain.audit import Mistake

# These begin early enough to end within any month, be it one with five public holidays.
DEALS = (
    Persona(
        name="won",
        profile=IDEAL,
        sources={"Referral": 1},
        when=during(0.01, 0.05),
        visit=ASKS_FOR_DEMO,
        later=("page_view", "case_study_view", "email_reply", "pricing_view", "page_view", "email_reply"),
        ending=(
            (0.4, accepts),
            (0.4, calls("Knows us from a customer. Three planners, all in spreadsheets.")),
            (14, meets("Demo with the operations lead. Wants our proposal next week.")),
            (16, opens_deal(38_000, closes_in=30)),
            (14, meets("Walked through the proposal with their CFO.")),
            (24, wins(36_500)),
        ),
    ),
    Persona(
        name="lost",
        profile=IDEAL,
        sources={"Website": 1},
        when=during(0.04, 0.12),
        visit=ASKS_FOR_PRICE,
        later=("page_view", "pricing_view", "page_view"),
        ending=(
            (0.4, accepts),
            (0.35, calls("Compares three suppliers and decides this month.")),
            (18, meets("Liked the method, winced at the price.")),
            (12, opens_deal(52_000, closes_in=20)),
            (26, loses("price", "A smaller firm offered a third less.")),
        ),
    ),
    Persona(
        name="deal_open",
        profile=IDEAL,
        sources={"Referral": 1},
        when=during(0.3, 0.4),
        visit=ASKS_FOR_CALL,
        later=("case_study_view", "page_view", "email_reply"),
        ending=(
            (0.4, accepts),
            (0.35, calls("Two sites, wants to start with one of them.")),
            (12, meets("Site visit. The plant manager is on our side.")),
            (16, opens_deal(24_000, closes_in=45)),
            (8, calls("Contract is with their lawyer.")),
        ),
    ),
    Persona(
        name="deal_overdue",
        profile=NO_BUDGET,
        sources={"Partner": 1},
        when=during(0.1, 0.15),
        visit=RESEARCHES,
        known=10,
        before=SIGNS_UP,
        later=("page_view",),
        ending=(
            (3, accepts),
            (1, calls("The partner had prepared them well.")),
            (12, meets("Workshop with the partner. Budget is there until the end of the quarter.")),
            (16, opens_deal(17_500, closes_in=4)),
            (6, calls("Signature is a matter of days, they say.")),
        ),
    ),
)

IN_WORK = (
    Persona(
        name="contacted",
        profile=IDEAL,
        sources={"Website": 1},
        when=during(0.6, 0.7),
        visit=ASKS_FOR_DEMO,
        known=30,
        before=READS,
        later=("page_view", "pricing_view"),
        ending=(
            (0.4, accepts),
            (0.35, calls("Demo agreed for next week.")),
            (10, meets("Demo went well. Needs to see who pays.")),
            (0.5, confirms(need="Peaks are planned by gut feeling", timeline="Before the season starts")),
        ),
    ),
    Persona(
        name="from_trial",
        profile=IDEAL,
        sources={"Website": 1},
        when=during(0.7, 0.8),
        visit=TRIES,
        known=20,
        before=SIGNS_UP,
        later=("page_view",),
        ending=((3, accepts), (2, calls("Planned a week with the free planner, wants it for all shifts."))),
    ),
    Persona(
        name="slow_response",
        profile=IDEAL,
        sources={"Google Ads": 1},
        when=late_evening(during(0.45, 0.55)),
        visit=ASKS_FOR_DEMO,
        later=("pricing_view",),
        ending=(
            (7, accepts),
            (18, calls("Had almost signed elsewhere by the time we called.")),
        ),
        plants=(Mistake.SLOW_RESPONSE,),
    ),
)

ENDED = (
    Persona(
        name="recycled",
        profile=IDEAL,
        sources={"Referral": 1},
        when=during(0.2, 0.3),
        visit=ASKS_FOR_CALL,
        ending=(
            (0.4, accepts),
            (0.35, calls("Good fit, but this year's budget is spent.")),
            (8, recycles("budget_cycle", "New budget in the new year, asked to be called then.", look_again_in=60)),
        ),
    ),
    Persona(
        name="unreachable",
        profile=IDEAL,
        sources={"Webinar": 1},
        when=after_webinar,
        visit=ATTENDS,
        known=20,
        ending=(
            (4, accepts),
            (2, calls_in_vain("Voicemail.")),
            (8, writes_in_vain("Sent the recording and asked for ten minutes.")),
            (8, calls_in_vain("Left a message with a colleague.")),
            (8, calls_in_vain("No answer.")),
            (6, disqualifies("unreachable", "Three calls and a mail, no answer.")),
        ),
    ),
    Persona(
        name="override",
        profile=TINY,
        sources={"LinkedIn": 1},
        when=during(0.5, 0.6),
        visit=READS,
        ending=(
            (6, marketing_promotes("Met the founder over dinner. Small today, but about to grow.")),
            (3, accepts),
            (2, calls("Nice talk. Nobody to plan for yet.")),
            (10, meets("Free consulting, if we are honest.")),
        ),
        plants=(Mistake.NO_FIT_FILTER,),
    ),
)

ACCEPTED = (*DEALS, *IN_WORK, *ENDED)
