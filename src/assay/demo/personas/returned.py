"""The MQLs that came back from the gate: forty rejected by sales, with reasons, and seven taken back by marketing."""

from assay.demo.deeds import (
    marketing_answers,
    marketing_corrects,
    marketing_disqualifies,
    marketing_withdraws,
    rejects,
)
from assay.demo.habits import (
    ASKS_FOR_CALL,
    ASKS_FOR_DEMO,
    ATTENDS,
    FOLLOWS_LETTER,
    JUST_ENOUGH,
    NAMES_PAIN,
    READS,
    RESEARCHES,
    SIGNS_UP,
)
from assay.demo.month import after_webinar, during
from assay.demo.persona import Persona
from assay.demo.profiles import GATEKEEPER, IDEAL, JUNIOR, NO_BUDGET, RECRUITER
from assay.domain.audit import Mistake

NOT_IN_CHARGE = rejects(
    "wrong_person",
    "Keeps the diary, decides nothing.",
    "Asked for a colleague in operations; could not name one.",
    "Wanted the recording for an intern.",
    "Runs a different department altogether.",
)
HEARD = marketing_answers("The form asks for their part now.", "We write to their head of operations instead.")
USELESS_TEXTS = ("n/a", "no", "-")

REJECTED = (
    # The title counts as "Can decide" and the webinar draws these people: rule and source are both wrong.
    Persona(
        name="wrong_person_webinar",
        profile=GATEKEEPER,
        sources={"Webinar": 10},
        when=after_webinar,
        visit=ATTENDS,
        known=30,
        later=("email_click",),
        ending=((6, NOT_IN_CHARGE),),
        plants=(Mistake.ONE_WAY_HANDOFF,),
    ),
    Persona(
        name="wrong_person",
        profile=GATEKEEPER,
        sources={"LinkedIn": 3, "Website": 1},
        when=during(0.1, 0.8),
        visit=RESEARCHES,
        known=12,
        before=SIGNS_UP,
        ending=((5, NOT_IN_CHARGE), (4, HEARD)),
    ),
    Persona(
        name="wrong_market",
        profile=RECRUITER,
        sources={"Google Ads": 5, "Website": 3},
        when=during(0.05, 0.85),
        visit=ASKS_FOR_CALL,
        ending=(
            (
                0.5,
                rejects(
                    "wrong_market",
                    "A recruiter who wants to sell to us.",
                    "Staffing agency: looks for our open positions.",
                    "Places interim managers, needs no planning.",
                ),
            ),
            (6, marketing_answers("Noted: recruiters go on the list of words for the next version of the rule.")),
        ),
    ),
    Persona(
        name="too_early",
        profile=NO_BUDGET,
        sources={"Google Ads": 3, "Website": 4, "LinkedIn": 1, "Partner": 1},
        when=during(0.1, 0.85),
        visit=RESEARCHES,
        known=16,
        before=READS,
        later=("page_view", "page_view"),
        ending=(
            (
                4,
                rejects(
                    "too_early",
                    "Collects material for next year.",
                    "Writes a study, there is no project.",
                    "Has looked around for an hour, no more than that.",
                ),
            ),
            (5, marketing_answers("They get the monthly letter until they ask.", "Asked them what they work on.")),
        ),
    ),
    Persona(
        name="bad_data",
        profile=JUNIOR,
        sources={"Google Ads": 1, "Website": 1, "Webinar": 1},
        when=during(0.2, 0.8),
        visit=FOLLOWS_LETTER,
        known=24,
        before=SIGNS_UP,
        ending=(
            (7, rejects("bad_data", "The number rings in another company.", "The number does not exist.")),
            (5, marketing_corrects(phone="+33199004417")),
        ),
    ),
    Persona(
        name="bad_data_fair",
        profile=JUNIOR,
        sources={"Trade fair list": 1},
        when=during(0.5, 0.8),
        visit=FOLLOWS_LETTER,
        ending=(
            (7, rejects("bad_data", "Scanned somebody else's badge at the booth.")),
            (5, marketing_answers("The fair sends us the list of badges again.")),
        ),
    ),
    Persona(
        name="duplicate",
        profile=IDEAL,
        sources={"Website": 1, "Partner": 1},
        when=during(0.5, 0.8),
        visit=ASKS_FOR_DEMO,
        ending=(
            (0.5, rejects("duplicate", "Same project as a colleague we are talking to.")),
            (3, marketing_answers("Merged with the colleague's project in our notes.")),
        ),
    ),
    Persona(
        name="useless_reason",
        profile=IDEAL,
        sources={"Google Ads": 2, "Website": 1},
        when=during(0.2, 0.85),
        visit=NAMES_PAIN,
        known=10,
        before=SIGNS_UP,
        ending=((9, rejects("other", *USELESS_TEXTS)),),
        plants=(Mistake.ONE_WAY_HANDOFF,),
    ),
)

TAKEN_BACK = (
    # Unsubscribing takes them under the threshold again; else the policy would promote them anew.
    Persona(
        name="withdrawn",
        profile=NO_BUDGET,
        sources={"Webinar": 2, "Website": 2, "LinkedIn": 1},
        when=during(0.3, 0.9),
        visit=JUST_ENOUGH,
        pages=(0, 1),
        known=20,
        ending=(
            (3, "unsubscribe"),
            (1, marketing_withdraws("Asked us to stop writing: nothing to hand over.")),
        ),
    ),
    Persona(
        name="marketing_duplicate",
        profile=IDEAL,
        sources={"Website": 1, "Google Ads": 1},
        when=during(0.2, 0.8),
        visit=ASKS_FOR_DEMO,
        ending=((0.5, marketing_disqualifies("duplicate", "Asked twice, from two addresses.")),),
    ),
)

RETURNED = (*REJECTED, *TAKEN_BACK)
