"""Who gets which leads: the rules in their order, the people with what keeps them from leads, and what nobody gets."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assay.actions import routing as verbs
from assay.actions.policies import rule
from assay.desk.access import Right, acting, needs, rights_of, signed_in
from assay.desk.notices import refused
from assay.desk.routing.forms import AwayForm, CapacityForm, RuleForm
from assay.desk.telling import told_error
from assay.domain.errors import AssayError
from assay.records.models import Absence, RoutingRule
from assay.records.offers import standing
from assay.records.sellers import in_sales, rules, sellers

MOST = 50


@needs(Right.ROUTE)
def routing(request: HttpRequest) -> HttpResponse:
    """The page."""
    now = timezone.now()
    policy, users = rule(now).policy, list(in_sales())
    today = now.astimezone(policy.zone).date()
    absences = Absence.objects.filter(user__in=users, last__gte=today).select_related("user").order_by("first", "pk")
    context = {
        "when": policy.routing.when,
        "rules": rules(),
        "people": sellers(users, today, now),
        "absences": absences,
        "offers": standing(now, MOST),
        "away": AwayForm(initial={"first": today, "last": today}, auto_id="away-%s"),
    }
    return render(request, "routing/routing.html", context)


@needs(Right.ROUTE)
def add(request: HttpRequest) -> HttpResponse:
    """A new rule."""
    return _rule(request, None)


@needs(Right.ROUTE)
def change(request: HttpRequest, rule_id: int) -> HttpResponse:
    """One that is there."""
    found = RoutingRule.objects.filter(pk=rule_id).first()
    if found is None:
        raise Http404
    return _rule(request, found)


def _rule(request: HttpRequest, found: RoutingRule | None) -> HttpResponse:
    people = list(in_sales())
    if request.method == "POST":
        form = RuleForm(people, request.POST)
    else:
        form = RuleForm.of(people, found) if found else RuleForm(people)
    if form.is_bound and form.is_valid():
        try:
            kept = verbs.keep_rule(
                acting(request), form.cleaned_data["name"], form.criteria(), form.weights(), found.pk if found else None
            )
        except AssayError as error:
            form.add_error(None, told_error(error))
        else:
            messages.success(request, _("Kept: %(rule)s") % {"rule": kept.name})
            return redirect("routing")
    return render(request, "routing/rule.html", {"form": form, "rule": found}, status=422 if form.errors else 200)


@needs(Right.ROUTE)
@require_POST
def move(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Before the one above it, or after the one below."""
    up = request.POST.get("to") == "up"
    return _done(request, lambda: verbs.move_rule(acting(request), rule_id, up=up))


@needs(Right.ROUTE)
@require_POST
def remove(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Take it away."""
    return _done(request, lambda: verbs.remove_rule(acting(request), rule_id), _("The rule is gone."))


@needs(Right.ROUTE)
@require_POST
def capacity(request: HttpRequest, user_id: int) -> HttpResponse:
    """How many open leads somebody is given at most."""
    form = CapacityForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write how many open leads at most; nothing is any number."))
        return redirect("routing")
    most = form.cleaned_data["capacity"]
    return _done(request, lambda: verbs.set_capacity(acting(request), user_id, most), _("Kept."))


@needs(Right.SELL)
@require_POST
def own_away(request: HttpRequest) -> HttpResponse:
    """When whoever asks takes no leads."""
    return _away(request, signed_in(request).pk)


@needs(Right.ROUTE)
@require_POST
def away(request: HttpRequest) -> HttpResponse:
    """When somebody takes no leads."""
    asked = request.POST.get("user", "")
    return _away(request, int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0)


def _away(request: HttpRequest, user_id: int) -> HttpResponse:
    form = AwayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the first and the last day."))
        return _back(request)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    return _done(request, lambda: verbs.add_absence(acting(request), user_id, first, last), _("Kept."))


@needs(Right.SEE)
@require_POST
def here_again(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Somebody is here after all."""
    return _done(request, lambda: verbs.remove_absence(acting(request), absence_id), _("Kept."))


def _done(request: HttpRequest, verb: Callable[[], object], done: str = "") -> HttpResponse:
    try:
        verb()
    except AssayError as error:
        refused(request, error)
    else:
        if done:
            messages.success(request, done)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page it came from: this one, or for those who may not see it their preferences."""
    to_routing = Right.ROUTE in rights_of(request) and request.POST.get("from") != "preferences"
    return redirect("routing" if to_routing else "preferences")
