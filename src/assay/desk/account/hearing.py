"""How a reader wants to hear of things: which kinds in which ways, the digest, quiet hours."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assay.actions.mailing import can_mail
from assay.actions.notifying import preference_of
from assay.actions.preferring import Choices, choose
from assay.desk.access import Right, needs, signed_in
from assay.desk.telling import told
from assay.domain.errors import BadInput
from assay.domain.notifications import KINDS, Kind, Way, kinds_for
from assay.domain.quiet import Rhythm
from assay.domain.roles import Role
from assay.records.models import ChatAddress, NotificationPreference, User

RHYTHMS = (
    (Rhythm.OFF, gettext_lazy("No digest")),
    (Rhythm.DAILY, gettext_lazy("Every day")),
    (Rhythm.WEEKLY, gettext_lazy("On Mondays")),
)
SERVICES = {"slack": "Slack", "teams": "Teams"}


class Box(NamedTuple):
    """A way to hear of a kind, to be ticked."""

    way: Way
    text: str
    ticked: bool


class Row(NamedTuple):
    """A kind with its words and its boxes, which are all called by the kind."""

    kind: Kind
    title: str
    audience: str
    boxes: list[Box]


class HearingForm(forms.Form):
    """Digest and quiet hours; the boxes of the kinds are read beside it."""

    digest = forms.ChoiceField(label=gettext_lazy("Digest"), choices=RHYTHMS)
    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("At"), coerce=int, choices=[(hour, f"{hour}:00") for hour in range(24)]
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("From"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Until"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    quiet_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Whole days"), required=False, coerce=int, choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


@needs(Right.SEE)
def hearing(request: HttpRequest) -> HttpResponse:
    """The page; what makes no sense stays in the form beside what is wrong."""
    user = User.objects.select_related("notification_preference").get(pk=signed_in(request).pk)
    preference, offered = preference_of(user), _offered(user)
    kinds = kinds_for(Role(user.role))
    form = HearingForm(request.POST or None, initial=_initial(preference))
    if request.method == "POST" and form.is_valid():
        ways = {kind: _chosen(request.POST.getlist(kind), offered, preference.ways_of(kind)) for kind in kinds}
        try:
            choose(user, Choices(ways=ways, **form.cleaned_data), timezone.now())
        except BadInput as error:
            form.add_error(None, f"{told(error.sentence)} {told(error.hint)}".strip())
        else:
            messages.success(request, _("Kept."))
            return redirect("notification-preferences")
    given = {kind: _given(request, kind, preference, offered) for kind in kinds}
    context = {
        "form": form,
        "rows": [_row(kind, given[kind], offered) for kind in kinds],
        "offered": offered,
        "can_mail": can_mail(),
        "zone": user.timezone or "UTC",
    }
    return render(request, "account/hearing.html", context)


def _offered(user: User) -> Mapping[Way, str]:
    """The ways there are for somebody; an admin adds a mail server and chats."""
    offered = {Way.DESK: _("Desk")}
    if can_mail():
        offered[Way.EMAIL] = _("Email")
    chat = ChatAddress.objects.filter(user=user).first()
    return offered | ({Way.CHAT: SERVICES[chat.service]} if chat else {})


def _initial(preference: NotificationPreference) -> dict[str, object]:
    names = ("digest", "digest_hour", "quiet_from", "quiet_until", "quiet_days")
    return {name: getattr(preference, name) for name in names}


def _chosen(said: Iterable[str], offered: Iterable[Way], before: Iterable[Way]) -> set[Way]:
    """What was ticked; a way that is not offered now stays as it was."""
    shown = set(offered)
    return {way for way in shown if way in said} | (set(before) - shown)


def _given(
    request: HttpRequest, kind: Kind, preference: NotificationPreference, offered: Iterable[Way]
) -> Iterable[Way]:
    """The boxes as they were just ticked, else as they are kept."""
    kept = preference.ways_of(kind)
    return _chosen(request.POST.getlist(kind), offered, kept) if request.method == "POST" else kept


def _row(kind: Kind, given: Iterable[Way], offered: Mapping[Way, str]) -> Row:
    about, ticked = KINDS[kind], set(given)
    boxes = [Box(way, text, way in ticked) for way, text in offered.items()]
    return Row(kind, told(about.title), told(about.audience), boxes)
