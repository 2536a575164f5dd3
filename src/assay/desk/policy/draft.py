"""Writing the next version: from the rule in force, an old one, a file, or what outcomes propose."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from assay.actions.policies import rule
from assay.actions.policy_drafts import draft as keep
from assay.desk.access import Right, acting, needs
from assay.desk.notices import refused
from assay.desk.policy.forms import DraftForm
from assay.desk.policy.views import YEAR
from assay.desk.telling import told_error
from assay.domain.errors import AssayError, BadInput, PolicyInvalid
from assay.domain.policy import Policy
from assay.domain.policy_changes import Difference, differences
from assay.domain.proposal import Proposal, drafted
from assay.records.evidence import Promoted
from assay.records.models import PolicyVersion
from assay.records.outcomes import proposal_for

OUTCOMES = "outcomes"


@needs(Right.WORK)
def draft(request: HttpRequest) -> HttpResponse:
    """The editor. A text that is no policy comes back with every mistake; what is typed is never lost."""
    current = rule(timezone.now()).policy
    proposal, start = _start(request, current)
    form = DraftForm(request.POST or None, request.FILES or None, initial={"text": start})
    mistakes: list[str] = []
    changed: list[Difference] = []
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["whole"]
        parsed, mistakes = _read(text)
        if parsed and "keep" in request.POST:
            try:
                made = keep(parsed, acting(request), timezone.now())
            except AssayError as error:
                refused(request, error)
            else:
                messages.success(request, _("Kept as a draft. One of marketing and one of sales sign it."))
                return redirect("policy-version", made.pk)
        changed = differences(current, parsed) if parsed else []
        form = DraftForm(initial={"text": text})
    context = {
        "form": form,
        "mistakes": mistakes,
        "changed": changed,
        "checked": request.method == "POST" and not mistakes and not form.errors,
        "proposal": proposal,
    }
    return render(request, "policy/draft.html", context, status=422 if mistakes or form.errors else 200)


def _start(request: HttpRequest, current: Policy) -> tuple[Proposal | None, str]:
    """The text the editor begins with, and what outcomes propose where that was asked for."""
    asked = request.GET.get("from", "")
    if asked == OUTCOMES and request.method == "GET":
        now = timezone.now()
        proposal = proposal_for(current, Promoted(now, now - 2 * YEAR))
        return proposal, drafted(current, proposal)
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        row = PolicyVersion.objects.filter(pk=int(asked)).first()
        return None, row.text if row else current.text
    return None, current.text


def _read(text: str) -> tuple[Policy | None, list[str]]:
    """The policy a text says, or every mistake in it."""
    try:
        return Policy.parse(text), []
    except PolicyInvalid as error:
        return None, list(error.mistakes)
    except BadInput as error:
        return None, [told_error(error)]
