"""What sources and campaigns cost: on record, entered by hand, and removed."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assay.actions.policies import rule
from assay.actions.spend import enter_cost, remove_cost
from assay.desk.access import Right, acting, needs, rights_of
from assay.desk.leads.filters import DAYS
from assay.desk.notices import refused
from assay.desk.paging import page
from assay.desk.telling import told_error
from assay.domain import money
from assay.domain.errors import AssayError
from assay.domain.rows import CostRow
from assay.records.models import Source
from assay.records.quality import entered

_PLAIN = {"autocomplete": "off"}


class CostForm(forms.Form):
    """One cost."""

    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, widget=forms.TextInput({"list": "sources", **_PLAIN})
    )
    campaign = forms.CharField(
        label=gettext_lazy("Campaign"), max_length=200, required=False, widget=forms.TextInput(_PLAIN)
    )
    first = forms.DateField(
        label=gettext_lazy("First day"), validators=DAYS, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"), validators=DAYS, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    amount = forms.CharField(
        label=gettext_lazy("Cost"), max_length=30, widget=forms.TextInput({"inputmode": "decimal", **_PLAIN})
    )
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, widget=forms.TextInput(_PLAIN))

    use_required_attribute = False

    def row(self) -> CostRow:
        """The cost it says. Raises BadInput."""
        said = self.cleaned_data
        amount, currency = money.amount(said["amount"]), money.currency(said["currency"])
        return CostRow(
            said["source"].strip(), said["campaign"].strip() or None, said["first"], said["last"], amount, currency
        )


@needs(Right.SEE)
def costs(request: HttpRequest) -> HttpResponse:
    """Every cost, the latest first, and for marketing the form that enters another."""
    markets, error = Right.MARKET in rights_of(request), ""
    initial = {"currency": rule(timezone.now()).policy.currency}
    form = CostForm(request.POST if request.method == "POST" and markets else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            enter_cost(form.row(), acting(request))
        except AssayError as no:
            error = told_error(no)
        else:
            messages.success(request, _("The cost is on record."))
            return redirect("costs")
    context = {
        "form": form if markets else None,
        "error": error,
        "page": page(request, entered(), ("-last", "-pk"), 50),
        "route": "costs",
        "sources": Source.objects.order_by("name").values_list("name", flat=True) if markets else (),
    }
    return render(request, "sources/costs.html", context, status=422 if error or form.errors else 200)


@needs(Right.MARKET)
@require_POST
def remove(request: HttpRequest, spend_id: int) -> HttpResponse:
    """Take a cost away."""
    try:
        remove_cost(spend_id, acting(request))
    except AssayError as error:
        refused(request, error)
    else:
        messages.success(request, _("The cost is removed."))
    return redirect("costs")
