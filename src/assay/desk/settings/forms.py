"""Inviting a person, and changing what one may do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assay.domain.roles import Role

ROLES = (
    (Role.MARKETER, _("Marketer: leads until sales accepts them, imports, answers")),
    (Role.REP, _("Sales rep: decides at the gate, works own leads")),
    (Role.MANAGER, _("Sales manager: as a rep, for everybody's leads")),
    (Role.ADMIN, _("Admin: users and settings, no decisions")),
    (Role.VIEWER, _("Viewer: sees, changes nothing")),
)


class InviteForm(forms.Form):
    """Somebody new."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(label=_("Email"), widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect)


class ChangeForm(forms.Form):
    """What a person may do from now on."""

    role = forms.ChoiceField(choices=ROLES)
    is_active = forms.BooleanField(required=False)
