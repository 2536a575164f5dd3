"""The part of all leads that an address picks, for every page that counts leads: its fields, and its chips."""

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from django import forms
from django.http import QueryDict

from assay.desk.leads.choices import Choices
from assay.desk.segments import NAMES, SEGMENTS, Name, flat, slice_of
from assay.desk.select import QuickSelect
from assay.records.slices import Slice


class Chip(NamedTuple):
    """A choice that narrows: what it says, and the address query without it."""

    text: str
    without: str


class Picking(forms.Form):
    """Fields that pick a part of all leads; a page adds its own, and cleans when all of them know their choices.

    What makes no sense is told beside its field and changes nothing.
    """

    source = forms.ChoiceField(widget=QuickSelect)
    campaign = forms.ChoiceField(widget=QuickSelect)
    owner = forms.ChoiceField(widget=QuickSelect)
    size = forms.ChoiceField(widget=QuickSelect)
    country = forms.ChoiceField(widget=QuickSelect)
    policy = forms.ChoiceField(widget=QuickSelect)
    temperature = forms.ChoiceField(widget=QuickSelect)

    use_required_attribute = False
    usual: ClassVar[Mapping[str, str]] = {}
    """Values that go without saying."""

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query.copy())
        self.offered: Mapping[Name, Choices] = {name: SEGMENTS[name].offered() for name in NAMES}
        for field in self.fields.values():
            field.required = False
        for name, offered in self.offered.items():
            self.fields[name].label = SEGMENTS[name].label
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    @property
    def of_whom(self) -> list[forms.BoundField]:
        """The fields that say which part of all leads."""
        return [self[name] for name in NAMES]

    @property
    def among(self) -> Slice:
        """The part of all leads to look at."""
        return slice_of({name: self.cleaned_data.get(name) for name in NAMES})

    @property
    def query(self) -> str:
        """The one spelling of these choices as an address query; "" where nothing is chosen."""
        return self.query_with()

    def query_with(self, **instead: object) -> str:
        """The address query with other values for some choices, or with more than these."""
        asked = {name: self.cleaned_data.get(name) for name in self.fields} | instead
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in asked.items() if value and value != self.usual.get(name)})
        return query.urlencode()

    def chips(self) -> list[Chip]:
        """The parts of all leads that are chosen, each with the way to do without it."""
        return [
            Chip(f"{SEGMENTS[name].label}: {self.text_of(name, value)}", self.query_with(**{name: None}))
            for name in NAMES
            if (value := self.cleaned_data.get(name))
        ]

    def text_of(self, name: str, value: str) -> str:
        """What a choice is called."""
        offered = next((offered for known, offered in self.offered.items() if known == name), ())
        return flat(offered).get(value, value)
