"""People who sign in, and the role that says at which desk they sit."""

from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models

from assay.domain.roles import Role
from assay.records.constraints import choices, one_of


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, role: str, password: str | None = None, **fields: str) -> "User":
        """A user; without a password, one who cannot sign in yet."""
        user = self.model(email=email.strip().lower(), role=role, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A person with a role. ``email`` is the sign-in name."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    role = models.CharField(max_length=10, choices=choices(Role), default=Role.VIEWER)
    timezone = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=5, blank=True)
    report_since = models.DateTimeField(null=True)
    """Since when this person wants the weekly report; None is not."""
    capacity = models.PositiveIntegerField(null=True)
    """How many open leads this person is given at most; None is any number."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        constraints: ClassVar = [one_of("user", "role", Role)]

    @property
    def name(self) -> str:
        """The name others see."""
        return self.get_full_name() or self.email.partition("@")[0]

    def __str__(self: Self) -> str:
        return self.name
