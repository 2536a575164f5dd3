"""Addresses of the rule, its versions and drafts."""

from django.urls import path

from assay.desk.policy import act, backtest, draft, predicted, views

urlpatterns = [
    path("", views.policy, name="policy"),
    path("evidence/", views.evidence, name="policy-evidence"),
    path("predicted/", predicted.predicted, name="policy-predicted"),
    path("draft/", draft.draft, name="policy-draft"),
    path("<int:number>/", views.version, name="policy-version"),
    path("<int:number>/policy.toml", views.text, name="policy-text"),
    path("<int:number>/backtest/", backtest.page, name="policy-backtest"),
    path("<int:number>/backtest/run/", backtest.run, name="policy-backtest-run"),
    path("<int:number>/backtest/weeks.csv", backtest.export, name="policy-backtest-csv"),
    path("<int:number>/sign/", act.sign, name="policy-sign"),
    path("<int:number>/publish/", act.publish, name="policy-publish"),
    path("<int:number>/wait/", act.wait, name="policy-wait"),
    path("<int:number>/comment/", act.comment, name="policy-comment"),
    path("<int:number>/discard/", act.discard, name="policy-discard"),
    path("<int:number>/again/", act.again, name="policy-again"),
]
