"""What is on record about the lead's person, to be handed out; and erasing it, once the address was typed."""

import msgspec
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assay.actions.erasure import erase as erase_person
from assay.desk import words
from assay.desk.access import Right, acting, needs
from assay.desk.lead.views import loaded_or_404
from assay.desk.notices import refused
from assay.domain.erasure import Why
from assay.domain.errors import AssayError
from assay.intake.collector.batches import sort_everything
from assay.records.about import export, whom
from assay.records.models import Lead, Person


class EraseForm(forms.Form):
    """Why, and the address once more: it cannot be undone."""

    why = forms.ChoiceField(label=gettext_lazy("Why?"), choices=list(words.WHY_ERASED.items()), initial=Why.ASKED)
    confirm = forms.CharField(max_length=320, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, person: Person, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._wanted = called(person)
        self.fields["confirm"].label = _("Type %(name)s to go on") % {"name": self._wanted}

    def clean_confirm(self) -> str:
        """What was typed, if it is who is meant."""
        said: str = self.cleaned_data["confirm"].strip()
        if said.casefold() != self._wanted.casefold():
            raise ValidationError(_("That is not what stands above. Nothing was erased."))
        return said


def called(person: Person) -> str:
    """What has to be typed: the address, else the name, else what the page calls them."""
    return person.email or person.name or str(person)


@needs(Right.ADMINISTER)
@require_safe
def data(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Everything on record about the person, as a JSON file."""
    lead = loaded_or_404(lead_id).lead
    sort_everything()
    found = export(whom(lead.person_id))
    content = msgspec.json.format(msgspec.json.encode(found), indent=2)
    headers = {"Content-Disposition": f'attachment; filename="person-{lead_id}.json"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/json", headers=headers)


@needs(Right.ADMINISTER)
def erase(request: HttpRequest, lead_id: int) -> HttpResponse:
    """What would be lost, and erasing it."""
    lead = loaded_or_404(lead_id).lead
    form = EraseForm(lead.person, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "lead/erase.html", _context(lead, form), status=422 if form.is_bound else 200)
    sort_everything()
    try:
        done = erase_person(lead.person_id, acting(request), timezone.now(), Why(form.cleaned_data["why"]))
    except AssayError as error:
        refused(request, error)
    else:
        messages.success(request, _("Erased, as number %(number)d.") % {"number": done.pk})
    return redirect("lead", lead_id)


def _context(lead: Lead, form: EraseForm) -> dict[str, object]:
    found = export(whom(lead.person_id))
    numbers = {text: len(found[table]) for table, text in words.ON_RECORD.items() if table in found}
    return {"lead": lead, "form": form, "numbers": numbers}
