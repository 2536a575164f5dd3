"""Why a message was not delivered: the sentences that are kept with an attempt, and read back to be told anywhere."""

from assay.domain.phrase import Template, heard

REDIRECTS = Template("It answered {status}: redirects are not followed. Give the address it leads to.")
GONE = Template("It answered 410 Gone: it wants no more events.")
ANSWERED = Template("It answered {status}.")
REMOVED = Template("The endpoint was removed.")
DISABLED = Template("The endpoint is disabled.")
OUR_FAULT = Template("A fault of Assay's own: {error}.")
NO_SUCH_NAME = Template("The name {host} could not be looked up: {why}.")
NOT_REACHED = Template("{host} could not be reached: {why}.")
TOO_LATE = Template("{host} was reached, but no whole answer came within {seconds} seconds.")
BROKEN_OFF = Template("{host} was reached, but {why}.")
NOT_PUBLIC = Template(
    "{host} is at {address}, which is no public address. If that is meant, allow it with ASSAY_WEBHOOK_PRIVATE."
)
ONLY_HTTPS = Template("Over the internet only https is used. Change the address to https.")

# What says more stands before what would fit as well.
_ALL = (
    *(REDIRECTS, GONE, ANSWERED, REMOVED, DISABLED, OUR_FAULT, NO_SUCH_NAME, NOT_REACHED),
    *(TOO_LATE, BROKEN_OFF, NOT_PUBLIC, ONLY_HTTPS),
)


def failure(text: str) -> str:
    """A failure as the phrase it was made of; a text that was made otherwise comes back as it is."""
    return next((phrase for template in _ALL if (phrase := heard(template, text))), text)
