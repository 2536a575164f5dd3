"""What every form of the lead page has in common: done and told, or shown again with why it could not be taken."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from assay.actions.moves import same_owner
from assay.desk.access import acting
from assay.desk.lead.page import Loaded
from assay.desk.lead.views import show
from assay.desk.notices import refused
from assay.desk.telling import told, told_error
from assay.domain.errors import AlreadyDecided, AssayError, MoveRefused

Said = Mapping[str, Any]
"""What a form that is valid holds."""

Deed = Callable[[Said], str]
"""Does what was asked for, and says in a sentence what was done."""


def take(request: HttpRequest, loaded: Loaded, name: str, form: forms.Form, deed: Deed) -> HttpResponse:
    """Do what a form asks for and go back to the page. ``name`` is what the page calls the form."""
    try:
        same_owner(loaded.lead, acting(request), "change")
    except MoveRefused as error:  # somebody else works this lead, so the page shows no form to put it in
        refused(request, error)
        return redirect("lead", loaded.lead.pk)
    if not form.is_valid():
        return show(request, loaded, {name: form})
    try:
        messages.success(request, deed(form.cleaned_data))
    except AlreadyDecided as error:
        refused(request, error)
    except AssayError as error:
        form.add_error(None, told(error.hint) if error.code == "guard_failed" else told_error(error))
        return show(request, loaded, {name: form})
    return redirect("lead", loaded.lead.pk)
