"""What one click logs."""

from django import forms

from assay.records.decisions import TouchKind


class TouchForm(forms.Form):
    """A touch: what it was, and whether they answered."""

    kind = forms.ChoiceField(choices=[(str(kind), str(kind)) for kind in TouchKind])
    reached = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
