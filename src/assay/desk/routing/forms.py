"""What is asked of a rule, of a person's share of leads, and of an absence."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assay.actions.routing import HEAVIEST, LONGEST_NAME, MOST_LEADS
from assay.desk import words
from assay.domain.routing import Criteria
from assay.domain.segments import SIZES
from assay.records.models import RoutingRule, User

if TYPE_CHECKING:
    pass

_PLAIN = {"autocomplete": "off"}
LISTS = ("countries", "industries", "sources", "accounts")


def _listed(label: words.Text, help_text: words.Text) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=5_000, widget=forms.TextInput(_PLAIN)
    )


class RuleForm(forms.Form):
    """A rule: what leads it is for, and a share for each of its people; an empty share is none."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, widget=forms.TextInput(_PLAIN))
    countries = _listed(_("Countries"), _("Codes with commas, such as DE, AT, CH; empty is any."))
    industries = _listed(_("Industries"), _("As the leads say them, with commas; empty is any."))
    sources = _listed(_("Sources"), _("With commas; empty is any."))
    accounts = _listed(_("Named accounts"), _("Web domains of companies, with commas; empty is any."))
    sizes = forms.MultipleChoiceField(
        label=_("Employees"),
        required=False,
        choices=[(name, name) for name, _end in SIZES],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, people: Sequence[User], *args: object, **said: object) -> None:
        super().__init__(*args, **said)  # type: ignore[arg-type]
        self.people = people
        for user in people:
            self.fields[f"share-{user.pk}"] = forms.IntegerField(
                label=user.name, required=False, min_value=0, max_value=HEAVIEST
            )

    @classmethod
    def of(cls, people: Sequence[User], rule: RoutingRule) -> "RuleForm":
        """A rule as it is."""
        shares = {f"share-{row.user_id}": row.weight for row in rule.members.all()}
        lists = {name: ", ".join(getattr(rule, name)) for name in LISTS}
        return cls(people, initial={"name": rule.name, "sizes": rule.sizes, **lists, **shares})

    def shares(self) -> list[forms.BoundField]:
        """The fields of the people."""
        return [self[f"share-{user.pk}"] for user in self.people]

    def criteria(self) -> Criteria:
        """What leads the rule is for."""
        said = {name: [text.strip() for text in self.cleaned_data[name].split(",")] for name in LISTS}
        wanted = {name: [text for text in texts if text] for name, texts in said.items()}
        return Criteria(sizes=self.cleaned_data["sizes"], **wanted)

    def weights(self) -> dict[int, int]:
        """The shares, by person."""
        said = {user.pk: self.cleaned_data[f"share-{user.pk}"] for user in self.people}
        return {user_id: weight for user_id, weight in said.items() if weight}

    def clean(self) -> None:
        """A rule without people gives leads to nobody."""
        if not self.errors and not self.weights():
            raise ValidationError(_("Give somebody a share: 1 for each is the same for all."))


class CapacityForm(forms.Form):
    """How many open leads somebody is given at most."""

    capacity = forms.IntegerField(required=False, min_value=0, max_value=MOST_LEADS)


class AwayForm(forms.Form):
    """Days on which somebody takes no leads."""

    first = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("To"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
