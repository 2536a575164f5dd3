"""Views of the lead list that somebody comes back to."""

from django.db import transaction

from assay.actions.actors import Actor
from assay.domain.errors import BadInput, NotFound
from assay.domain.phrase import Phrase
from assay.records.models import SavedView, User

LONGEST = 100


@transaction.atomic
def save_view(by: Actor, name: str, query: str) -> SavedView:
    """Keep filters, as in the page's address, under a name; the same name again replaces what it stood for."""
    known_as = " ".join(name.split())
    if not known_as:
        said = Phrase("A view needs a name.")
        raise BadInput("unnamed_view", said, Phrase("Write one under which you will find it again."))
    if len(known_as) > LONGEST:
        said = Phrase("The name has {length} characters.", length=len(known_as))
        raise BadInput("long_name", said, Phrase("Shorten it to {most}.", most=LONGEST))
    whose = User.objects.get(pk=by.user_id or 0)
    view, _ = SavedView.objects.update_or_create(user=whose, name=known_as, defaults={"query": query})
    return view


@transaction.atomic
def delete_view(by: Actor, view_id: int) -> str:
    """Forget one of one's own views. Returns its name."""
    view = SavedView.objects.filter(pk=view_id, user=by.user_id).first()
    if view is None:
        raise NotFound("unknown_view", Phrase("That view is not there any more."))
    view.delete()
    return view.name
