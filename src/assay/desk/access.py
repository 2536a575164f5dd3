"""Who may use which page. Default deny: a route that declares no right stops the program from starting."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import wraps
from typing import NamedTuple, cast

from django.contrib.auth.views import redirect_to_login
from django.core.checks import CheckMessage, Error
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, get_resolver

from assay.actions.actors import Actor, actor
from assay.domain.roles import Role
from assay.records.models import User
from assay.requests import tell_refused


class Right(StrEnum):
    """What a page needs. Whether a move is allowed is the ladder's decision, not a page's."""

    PUBLIC = "public"
    SEE = "see"
    MARKET = "market"
    SELL = "sell"
    WORK = "work"
    ADMINISTER = "administer"
    CONNECT = "connect"
    MERGE = "merge"
    ROUTE = "route"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.SEE}),
    Role.MARKETER: frozenset({Right.SEE, Right.MARKET, Right.WORK, Right.CONNECT, Right.MERGE}),
    Role.REP: frozenset({Right.SEE, Right.SELL, Right.WORK}),
    Role.MANAGER: frozenset({Right.SEE, Right.SELL, Right.WORK, Right.MERGE, Right.ROUTE}),
    Role.ADMIN: frozenset({Right.SEE, Right.ADMINISTER, Right.CONNECT, Right.ROUTE}),
    Role.OPERATOR: frozenset(),
}
"""Rights by role. The operator holds the machine's shell and never signs in here."""

View = Callable[..., HttpResponseBase]


def needs(right: Right) -> Callable[[View], View]:
    """Declare the right a view needs, and hold everybody else off."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if right is Right.PUBLIC or right in rights_of(request):
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            tell_refused(f"needs_{right}")
            return render(request, "components/refused.html", {"right": right}, status=403)

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return declare


def rights_of(request: HttpRequest) -> frozenset[Right]:
    """What whoever asks may do."""
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    return RIGHTS[Role(user.role)]


def acting(request: HttpRequest) -> Actor:
    """The signed-in person as the one who acts."""
    return actor(signed_in(request))


def signed_in(request: HttpRequest) -> User:
    """The signed-in person, where a right has been asked for already."""
    return cast("User", request.user)


class Route(NamedTuple):
    """An address, its view, and the right it declares: None where it declares nothing."""

    where: str
    view: View
    right: str | None


LIBRARY = "library"
"""The sign-in library's own pages look after who may use them; ours must say it."""
TOKEN = "token"  # nosec B105 - the name of a right
"""What the API's routes declare: each asks for a token with a scope, and knows no sessions."""


def routes(resolver: URLResolver | None = None, prefix: str = "", library: bool = False) -> Iterator[Route]:
    """Every address of the program. What is public below the desk, as the forms are, says so with an attribute."""
    resolver = resolver or get_resolver()
    library = library or getattr(resolver.urlconf_name, "__name__", "").startswith("allauth.")
    for entry in resolver.url_patterns:
        where = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from routes(entry, where, library)
        elif isinstance(entry, URLPattern):
            yield Route(where, entry.callback, LIBRARY if library else getattr(entry.callback, "right", None))


def check_routes(**_: object) -> list[CheckMessage]:
    """Django runs this at start."""
    hint = "Decorate its view with @needs(...)."
    return [Error(f"The route /{where} declares no right.", hint=hint) for where, _, right in routes() if right is None]
