"""Slack and Teams: where people and teams read what they are told, given by an admin."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assay.actions import chats as verbs
from assay.desk.access import Right, acting, needs
from assay.desk.account.hearing import SERVICES
from assay.desk.notices import refused
from assay.desk.telling import told, told_error
from assay.domain.errors import AssayError
from assay.domain.notifications import KINDS, Kind, kinds_for
from assay.domain.roles import Role
from assay.records.models import ChatAddress, OutboxMessage, User

TEAM = ""
"""Stands where a person could be chosen."""


class Row(NamedTuple):
    """A chat, what it is told of, and what came of the last message to it."""

    chat: ChatAddress
    service: str
    kinds: list[str]
    last: OutboxMessage | None


class ChatForm(forms.Form):
    """Where to write, for whom, and of what."""

    service = forms.ChoiceField(label=gettext_lazy("Chat"), choices=list(SERVICES.items()))
    url = forms.CharField(
        label=gettext_lazy("Address of the incoming webhook"),
        max_length=2_000,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "url"}),
        help_text=gettext_lazy("It begins with https:// and is shown nowhere again: whoever knows it can write there."),
    )
    person = forms.TypedChoiceField(
        label=gettext_lazy("For"), required=False, coerce=int, empty_value=None,
        help_text=gettext_lazy("A person chooses in their preferences what comes; of a channel you say it here."),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Name of the channel"), required=False, max_length=200)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("The channel hears of"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, **said: object) -> None:
        super().__init__(*args, **said)  # type: ignore[arg-type]
        roles = [role for role in Role if kinds_for(role)]
        people = User.objects.filter(is_active=True, role__in=roles).order_by("first_name", "email")
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (TEAM, _("A team's channel")), *((user.pk, user.name) for user in people)
        ]  # fmt: skip
        self.fields["kinds"].choices = [(kind, told(about.title)) for kind, about in KINDS.items()]  # type: ignore[attr-defined]


@needs(Right.ADMINISTER)
def chats(request: HttpRequest) -> HttpResponse:
    """The chats there are, and the form for another."""
    form = ChatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        person = User.objects.filter(pk=said["person"]).first() if said["person"] else None
        try:
            chat = verbs.add_chat(
                said["service"], said["url"], acting(request), timezone.now(),
                name=said["name"], person=person, kinds=() if person else said["kinds"],
            )  # fmt: skip
        except AssayError as error:
            form.add_error(None, told_error(error))
        else:
            messages.success(request, _("%(name)s was added and is being greeted.") % {"name": chat.name})
            return redirect("settings-chats")
    return render(request, "settings/chats.html", {"form": form, "rows": _rows()})


def _rows() -> list[Row]:
    found = list(ChatAddress.objects.order_by("user", "name"))
    last = _last_messages(found)
    return [Row(chat, SERVICES[chat.service], _titles(chat.kinds), last.get(str(chat.pk))) for chat in found]


def _last_messages(found: Sequence[ChatAddress]) -> Mapping[str, OutboxMessage]:
    """The newest message to each, tried or not."""
    to = OutboxMessage.objects.filter(channel__in=list(SERVICES), destination__in=[str(chat.pk) for chat in found])
    newest = {row["destination"]: row["last"] for row in to.values("destination").annotate(last=Max("pk"))}
    return {message.destination: message for message in OutboxMessage.objects.filter(pk__in=newest.values())}


def _titles(kinds: Sequence[str]) -> list[str]:
    return [told(KINDS[Kind(kind)].title) for kind in kinds]


@needs(Right.ADMINISTER)
@require_POST
def greet(request: HttpRequest, number: int) -> HttpResponse:
    """Greet a chat again."""
    try:
        chat = verbs.greet_chat(number, acting(request), timezone.now())
        messages.success(request, _("%(name)s is being greeted.") % {"name": chat.name})
    except AssayError as error:
        refused(request, error)
    return redirect("settings-chats")


@needs(Right.ADMINISTER)
@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Write there no more."""
    try:
        chat = verbs.remove_chat(number, acting(request), timezone.now())
        messages.success(request, _("%(name)s was removed.") % {"name": chat.name})
    except AssayError as error:
        refused(request, error)
    return redirect("settings-chats")
