"""Leads that the rule stops whatever they do: under the fit floor, knocked out, or too little known."""

from assay.demo.deeds import calls, marketing_disqualifies
from assay.demo.habits import ASKS_FOR_DEMO, GLANCES_AT_PRICE, READS, RESEARCHES, SIGNS_UP
from assay.demo.month import during, working_hours_ago
from assay.demo.persona import Persona
from assay.demo.profiles import ANONYMOUS, COMPETITOR, FOREIGN, JUNIOR, STUDENT, TINY, UNKNOWN
from assay.domain.audit import Mistake

UNFIT = (
    Persona(
        name="student",
        profile=STUDENT,
        sources={"Website": 3, "Google Ads": 4, "Webinar": 2},
        when=during(0.05, 0.95),
        visit=RESEARCHES,
        later=("content_download", "page_view"),
    ),
    Persona(
        name="tiny",
        profile=TINY,
        sources={"Google Ads": 6, "Website": 2, "LinkedIn": 4, "Partner": 1},
        when=during(0.03, 0.97),
        visit=READS,
        later=("pricing_view", "page_view"),
    ),
    Persona(
        name="tiny_hot",
        profile=TINY,
        sources={"Website": 1, "Google Ads": 1},
        when=working_hours_ago(6, 16),
        visit=ASKS_FOR_DEMO,
        ending=((1, calls("Asked for a demo, so I gave one. Works alone.")),),
        plants=(Mistake.RAW_LEADS, Mistake.NO_FIT_FILTER),
    ),
    Persona(
        name="abroad",
        profile=FOREIGN,
        sources={"Website": 2, "Google Ads": 2, "LinkedIn": 4, "Webinar": 2},
        when=during(0.05, 0.95),
        visit=RESEARCHES,
        later=("page_view",),
    ),
    Persona(
        name="competitor",
        profile=COMPETITOR,
        sources={"Website": 1, "Webinar": 2},
        when=during(0.1, 0.8),
        visit=SIGNS_UP,
        ending=((9, marketing_disqualifies("wrong_fit", "Works for a competitor.")),),
    ),
    Persona(
        name="job_seeker",
        profile=JUNIOR,
        sources={"LinkedIn": 3},
        when=during(0.1, 0.9),
        visit=("careers_view", "careers_view"),
        later=("careers_view",),
    ),
)

UNTOLD = (
    Persona(
        name="unknown",
        profile=UNKNOWN,
        sources={"Website": 3, "Google Ads": 5, "LinkedIn": 2},
        when=during(0.02, 0.98),
        visit=READS,
    ),
    Persona(
        name="anonymous",
        profile=ANONYMOUS,
        sources={"Website": 2, "Google Ads": 3},
        when=during(0.02, 0.98),
        visit=GLANCES_AT_PRICE,
        later=("page_view",),
    ),
    Persona(
        name="unknown_hot",
        profile=UNKNOWN,
        sources={"Website": 1, "Google Ads": 1},
        when=working_hours_ago(3, 14),
        visit=ASKS_FOR_DEMO,
    ),
)

MISFITS = (*UNFIT, *UNTOLD)
