"""How the sign-in library behaves here: nobody signs up by themselves, and a closed account stays closed."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from assay.domain.ip import network


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are invited by an admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The network people come from: a session keeps no whole IP address, and tries to sign in are counted by it."""
        return network(super().get_client_ip(request))


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An OpenID Connect provider signs in whom an admin has invited under the same verified address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False
