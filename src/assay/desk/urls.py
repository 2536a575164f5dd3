"""Every address of the web pages, by page, and of the public forms."""

from django.urls import include, path
from django.views.generic import RedirectView

from assay.desk.access import Right, needs

home = needs(Right.SEE)(RedirectView.as_view(pattern_name="inbox"))

urlpatterns = [
    path("", home, name="home"),
    path("account/", include("assay.desk.account.urls")),
    path("account/tokens/", include("assay.desk.tokens.urls")),
    path("account/", include("allauth.urls")),
    path("inbox/", include("assay.desk.inbox.urls")),
    path("leads/", include("assay.desk.leads.urls")),
    path("leads/", include("assay.desk.lead.urls")),
    path("work/", include("assay.desk.work.urls")),
    path("deals/", include("assay.desk.deals.urls")),
    path("companies/", include("assay.desk.companies.urls")),
    path("funnel/", include("assay.desk.funnel.urls")),
    path("pictures/", include("assay.desk.pictures.urls")),
    path("policy/", include("assay.desk.policy.urls")),
    path("returned/", include("assay.desk.returned.urls")),
    path("audit/", include("assay.desk.audit.urls")),
    path("sources/", include("assay.desk.sources.urls")),
    path("imports/", include("assay.desk.imports.urls")),
    path("intake/", include("assay.desk.intake.urls")),
    path("forms/", include("assay.desk.forms.urls")),
    path("notifications/", include("assay.desk.notifications.urls")),
    path("routing/", include("assay.desk.routing.urls")),
    path("settings/", include("assay.desk.settings.urls")),
    path("f/", include("assay.intake.forms.urls")),
]
