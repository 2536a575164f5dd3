"""Leads that are not ready: their signals add up to less than the rule asks for, however many pages they view."""

from assay.demo.deeds import calls_in_vain, manager_assigns
from assay.demo.habits import GLANCES_AT_PRICE, READS, SIGNS_UP
from assay.demo.month import after_webinar, at_the_fair, during
from assay.demo.persona import Persona
from assay.demo.profiles import ELSEWHERE, IDEAL, JUNIOR, NO_BUDGET
from assay.domain.audit import Mistake

FAIR = (
    Persona(
        name="fair_cold",
        profile=NO_BUDGET,
        sources={"Trade fair list": 22},
        when=at_the_fair,
        pages=(0, 0),
    ),
    Persona(
        name="fair_clicked",
        profile=NO_BUDGET,
        sources={"Trade fair list": 11},
        when=at_the_fair,
        pages=(0, 0),
        later=("email_click", "email_click"),
    ),
    Persona(
        name="fair_met",
        profile=JUNIOR,
        sources={"Trade fair list": 6},
        when=at_the_fair,
        visit=("event_met",),
        pages=(0, 0),
        later=("email_click",),
    ),
)

READERS = (
    Persona(
        name="reader",
        profile=IDEAL,
        sources={"Website": 10, "LinkedIn": 7, "Partner": 3},
        when=during(0.02, 0.98),
        visit=READS,
        later=("page_view", "page_view", "page_view"),
    ),
    Persona(
        name="attendee",
        profile=NO_BUDGET,
        sources={"Webinar": 5},
        when=after_webinar,
        visit=("webinar_attended",),
        known=20,
        later=("page_view",),
    ),
    Persona(
        name="attendee_junior",
        profile=JUNIOR,
        sources={"Webinar": 5},
        when=after_webinar,
        visit=("webinar_attended",),
        known=16,
    ),
    Persona(
        name="junior",
        profile=JUNIOR,
        sources={"LinkedIn": 7, "Website": 3},
        when=during(0.05, 0.95),
        visit=SIGNS_UP,
        later=("case_study_view", "page_view"),
    ),
    Persona(
        name="browser",
        profile=IDEAL,
        sources={"Website": 6, "Google Ads": 4, "Referral": 2},
        when=during(0.02, 0.98),
        visit=GLANCES_AT_PRICE,
        later=("email_click", "page_view"),
    ),
    # One burst of one kind is no pattern: held under the lone cap.
    Persona(
        name="one_click_kind",
        profile=IDEAL,
        sources={"Google Ads": 5},
        when=during(0.1, 0.95),
        visit=("pricing_view",) * 3,
        pages=(0, 0),
    ),
    # A mail scanner opens every link within seconds: kept, marked, and weighs nothing.
    Persona(
        name="scanned",
        profile=IDEAL,
        sources={"LinkedIn": 2, "Partner": 1, "Referral": 1},
        when=during(0.05, 0.8),
        visit=SIGNS_UP,
        scans=6,
    ),
    Persona(
        name="unsubscribed",
        profile=NO_BUDGET,
        sources={"Webinar": 1, "LinkedIn": 1, "Google Ads": 1},
        when=during(0.05, 0.7),
        visit=SIGNS_UP,
        ending=((10, "email_click"), (1, "unsubscribe")),
    ),
    Persona(
        name="other_industry",
        profile=ELSEWHERE,
        sources={"Google Ads": 3, "Partner": 2},
        when=during(0.05, 0.95),
        visit=READS,
    ),
)

# What an audit must find first: sales works, or owns, leads that nobody accepted.
TAKEN_BY_SALES = (
    Persona(
        name="called_raw",
        profile=IDEAL,
        sources={"Referral": 2, "Website": 1, "Partner": 1},
        when=during(0.1, 0.8),
        visit=SIGNS_UP,
        ending=((4, calls_in_vain("Downloaded a guide, so I tried.")), (8, calls_in_vain("Not interested, it seems."))),
        plants=(Mistake.RAW_LEADS,),
    ),
    Persona(
        name="assigned_raw",
        profile=NO_BUDGET,
        sources={"Referral": 2, "Google Ads": 1},
        when=during(0.1, 0.9),
        visit=GLANCES_AT_PRICE,
        ending=((3, manager_assigns),),
        plants=(Mistake.RAW_LEADS,),
    ),
)

RAW = (*FAIR, *READERS, *TAKEN_BY_SALES)
