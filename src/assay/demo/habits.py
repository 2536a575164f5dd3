"""What people look at: the pages behind each kind of signal, and visits that are enough to cross the threshold."""

from collections.abc import Mapping

# Each of these ends a visit over the MQL threshold of the shipped policy by itself, whatever was before or decays
# within the hour: see the points beside them. They are for people of fit 75 and more.
ASKS_FOR_DEMO = ("pricing_view", "demo_request")  # 8 + 40
ASKS_FOR_PRICE = ("pricing_view", "pricing_view", "pricing_inquiry")  # 16 + 35
ASKS_FOR_CALL = ("case_study_view", "contact_request")  # 5 + 35
RESEARCHES = ("case_study_view", "pricing_view", "content_download", "case_study_view", "pricing_view")  # 34
FOLLOWS_LETTER = ("email_click", "case_study_view", "pricing_view") * 2  # 34
ATTENDS = ("webinar_attended", "case_study_view", "content_download", "pricing_view")  # 33
JUST_ENOUGH = ("content_download", "pricing_view", "case_study_view", "pricing_view")  # 29: cools within two weeks
NAMES_PAIN = ("case_study_view", "pricing_view", "pain_named")  # 5 + 8 + 20
TRIES = ("pricing_view", "product_milestone")  # 8 + 30, and the milestone alone makes a PQL

ENOUGH = frozenset(
    (ASKS_FOR_DEMO, ASKS_FOR_PRICE, ASKS_FOR_CALL, RESEARCHES, FOLLOWS_LETTER, ATTENDS, JUST_ENOUGH, NAMES_PAIN, TRIES)
)

# What stays under intent 25 together with any number of page views, which weigh 10 at most.
SIGNS_UP = ("content_download",)  # 8
READS = ("content_download", "case_study_view")  # 13
GLANCES_AT_PRICE = ("pricing_view",)  # 8

PAGES: Mapping[str, tuple[str, ...]] = {
    "page_view": ("/", "/services", "/services/planning", "/about", "/team", "/insights/peaks"),
    "pricing_view": ("/pricing",),
    "case_study_view": ("/cases/freight-forwarder", "/cases/clinic-group", "/cases/toolmaker"),
    "content_download": ("/guides/capacity-planning.pdf", "/guides/checklist.pdf"),
    "email_click": ("/insights/forecasting?utm_source=letter", "/cases/toolmaker?utm_source=letter"),
    "webinar_attended": ("/webinars/capacity-planning",),
    "demo_request": ("/demo",),
    "pricing_inquiry": ("/pricing/ask",),
    "contact_request": ("/contact",),
    "pain_named": ("/chat",),
    "careers_view": ("/careers", "/careers/consultant"),
    "unsubscribe": ("/unsubscribe",),
}
"""The pages on which a kind of signal is seen; a kind that is not here is seen elsewhere."""
