"""Views: filters of the lead list kept under a name."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions import views as verbs
from assay.desk.access import Right, acting, needs
from assay.desk.leads.filters import LeadFilters
from assay.desk.leads.views import address
from assay.desk.notices import refused
from assay.domain.errors import AssayError


class ViewForm(forms.Form):
    """A name for the present filters."""

    name = forms.CharField(required=False)
    query = forms.CharField(required=False)


@needs(Right.SEE)
def save(request: HttpRequest) -> HttpResponse:
    """Ask for a name, then keep the filters under it."""
    if request.method != "POST":
        return render(request, "leads/name_page.html", {"query": LeadFilters(request.GET).query})
    form = ViewForm(request.POST)
    form.full_clean()
    query = LeadFilters(QueryDict(form.cleaned_data.get("query", ""))).query
    try:
        view = verbs.save_view(acting(request), form.cleaned_data.get("name", ""), query)
    except AssayError as error:
        refused(request, error)
    else:
        messages.success(request, _("“%(name)s” is kept with your views.") % {"name": view.name})
    return redirect(address(query))


@needs(Right.SEE)
@require_POST
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget a view."""
    try:
        name = verbs.delete_view(acting(request), view_id)
    except AssayError as error:
        refused(request, error)
    else:
        messages.success(request, _("“%(name)s” is gone from your views; the leads are all there.") % {"name": name})
    return redirect("leads")
