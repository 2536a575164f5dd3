"""What is asked of whoever drafts or publishes a version."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

LONGEST = 200_000
"""Characters of a policy file; the shipped ones have five thousand."""


class DraftForm(forms.Form):
    """The text of a policy, typed or handed in as a file, which comes before what is typed."""

    file = forms.FileField(
        label=_("From a file"), required=False, allow_empty_file=True, widget=forms.FileInput({"accept": ".toml,.txt"})
    )
    text = forms.CharField(
        label=_("Text of the policy"),
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 32, "class": "code", "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_file(self) -> str:
        """The text of the file, or none."""
        file: UploadedFile[bytes] | None = self.cleaned_data.get("file")
        if file is None:
            return ""
        if (file.size or 0) > LONGEST:
            raise ValidationError(_now("That is no policy: it is longer than any could be."))
        try:
            return bytes(file.read()).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_now("The file is not UTF-8 text. Save it as UTF-8 and hand it in again.")) from None

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        # Browsers send lines that end in CR LF; a version's digest must not depend on how it was brought.
        said["whole"] = (said.get("file") or said.get("text") or "").replace("\r\n", "\n")
        if not said["whole"].strip() and not self.errors:
            raise ValidationError(_now("There is no text. Type it, or choose a file."))
        return said


class PublishForm(forms.Form):
    """When a version comes into force; without a time, now."""

    at = forms.DateTimeField(
        label=_("On"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "class": "input"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
