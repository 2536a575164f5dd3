"""One typed registry of every `ASSAY_*` variable, and the Django settings that follow from it."""

import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote, unquote, urlsplit

import dj_database_url
from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assay import logs
from assay.domain.networks import Network, read_networks
from assay.domain.retention import Retention, read_days
from assay.sqlite import OPTIONS as SQLITE_OPTIONS
from assay.sqlite import use_modern_sqlite

use_modern_sqlite()

PREFIX = "ASSAY_"

CRM_FACTS = ("rung", "fit", "intent", "temperature", "decision", "reason")
"""What a CRM is told of its leads."""

KEEP_SECONDS = 600
"""How long a thread keeps its connection: making one costs as much as half a page, on both databases."""


class SettingsError(ValueError):
    """A variable has a value that cannot be used; the sentence names it and says what can."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{PREFIX}{field.upper()} cannot be used: {problem}")


class Settings(BaseSettings):
    """What an installation can set: field `x` by the variable `ASSAY_X`; an empty one counts as unset."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    home: Path = Field(
        default_factory=lambda: user_data_path("assay", appauthor=False),
        description="Folder of the embedded database and the secret key; by default one in your home folder.",
    )
    database: SecretStr | None = Field(
        default=None,
        description="Where the data is: sqlite:////absolute/file or "
        "postgresql://user:password@host:port/name (special characters written as %XX), "
        "options after a question mark; by default the file assay.sqlite3 in ASSAY_HOME.",
    )
    lake: str | None = Field(
        default=None,
        description="Where the lake is: a folder, or an object store by URL such as s3://bucket/assay; "
        "by default the folder lake in ASSAY_HOME.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Signs sessions and links, at least 32 characters; by default made once and kept in "
        "ASSAY_HOME. Machines that serve one database together must share it.",
    )
    debug: bool = Field(
        default=False, description="true shows errors in detail in the browser: never on a public address."
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("localhost", "127.0.0.1", "[::1]"),
        min_length=1,
        description="Host names the web pages answer to, separated by commas.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least severe message that is logged: DEBUG, INFO, WARNING or ERROR."
    )
    mail: SecretStr | None = Field(
        default=None,
        description="Mail server for notifications, links to a new password, weekly reports and forms confirmed by "
        "mail: smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465; without one an admin passes "
        "such links on.",
    )
    address: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]+/?$",
        description="Where people open the web pages, such as https://assay.example.com, for links in mails and "
        "chats; without it those carry none.",
    )
    mail_from: str = Field(default="assay@localhost", description="Sender of mails.")
    oidc_issuer: str | None = Field(
        default=None,
        description="Address of an OpenID Connect provider that people may sign in with, such as "
        "https://login.example.com/realms/firm; needs the next two.",
    )
    oidc_client_id: str | None = Field(default=None, description="Our id at the OpenID Connect provider.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Our secret at the OpenID Connect provider.")
    keep_signals: Annotated[dict[str, int], NoDecode] = Field(
        default={"*": 730},
        description="Days for which a signal keeps the address of its page and its properties, by kind, separated by "
        "commas: page_view=180,*=730, where * is every kind that is not named; without * those are kept for good.",
    )
    keep_quarantine: int = Field(default=30, ge=1, le=36_500, description="Days for which refused rows are kept.")
    keep_visitors: int = Field(
        default=395,
        ge=1,
        le=36_500,
        description="Days after which visitors of whom nobody learned who they are go, with their signals, "
        "counted from the last of these.",
    )
    api_rate: int = Field(
        default=600,
        ge=0,
        le=1_000_000,
        description="Requests a minute that one token of the API may make of each process; 0 for no limit.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Who sends it as Authorization: Bearer may read /metrics, at least 16 characters; "
        "without one only this machine itself may.",
    )
    keep_outbox: int = Field(
        default=30,
        ge=1,
        le=36_500,
        description="Days for which messages to other systems and people are kept once they are delivered or dead.",
    )
    webhook_private: Annotated[tuple[Network, ...], NoDecode] = Field(
        default=(),
        description="Networks of your own to which webhooks may be sent, with http too, separated by commas: "
        "10.0.0.0/8,fd00::/8; without it only public addresses are called, with https.",
    )
    hubspot_token: SecretStr | None = Field(
        default=None, description="Access token of a private app of HubSpot; with one its contacts are synced."
    )
    hubspot_url: str = Field(default="https://api.hubapi.com", description="Where HubSpot's API is.")
    hubspot_fields: Annotated[dict[str, str], NoDecode] = Field(
        default={name: f"assay_{name}" for name in CRM_FACTS},
        description="What HubSpot's properties for our facts are called, separated by commas: rung=assay_rung,...; a "
        "fact that is not named is not told.",
    )
    hubspot_stages: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity"),
        description="Lifecycle stages of the contacts that come in, separated by commas; * for all contacts.",
    )
    salesforce_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]+/?$",
        description="Address of a Salesforce org, such as https://firm.my.salesforce.com; with one its leads are "
        "synced. Needs the next two.",
    )
    salesforce_client_id: str | None = Field(default=None, description="Consumer key of our connected app.")
    salesforce_client_secret: SecretStr | None = Field(
        default=None, description="Consumer secret of our connected app."
    )
    salesforce_fields: Annotated[dict[str, str], NoDecode] = Field(
        default={name: f"Assay_{name.title()}__c" for name in CRM_FACTS},
        description="What Salesforce's fields for our facts are called, separated by commas: rung=Assay_Rung__c,...; a "
        "fact that is not named is not told.",
    )
    crm_minutes: int = Field(default=10, ge=1, le=1_440, description="Minutes between two rounds with a CRM.")
    token: SecretStr | None = Field(
        default=None, description="Token with which assay mcp asks the API for an assistant."
    )
    user: str | None = Field(
        default=None,
        description="Email of the person for whom the command line acts, unless a command names one.",
    )

    @classmethod
    def read(cls) -> Self:
        """Read the environment; raise `SettingsError` for the first value that cannot be used."""
        try:
            return cls()
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            field = str(problem["loc"][0])
            what = cls.model_fields[field].description
            raise SettingsError(field, f"{problem['msg']}. What it sets: {what}") from None

    @property
    def database_url(self) -> str:
        """The URL of the operational database, password included: not for logs."""
        if self.database:
            return self.database.get_secret_value()
        return f"sqlite:///{quote(str(self.home / 'assay.sqlite3'))}"

    @property
    def lake_place(self) -> str:
        """The folder or URL of the lake."""
        return self.lake or str(self.home / "lake")

    @property
    def retention(self) -> Retention:
        """For how long what is kept."""
        return Retention(self.keep_signals, self.keep_quarantine, self.keep_visitors, self.keep_outbox)

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("hosts", mode="before")
    @classmethod
    def _split(cls, hosts: object) -> object:
        return tuple(filter(None, map(str.strip, hosts.split(",")))) if isinstance(hosts, str) else hosts

    @field_validator("keep_signals", mode="before")
    @classmethod
    def _days(cls, days: object) -> object:
        return read_days(days) if isinstance(days, str) else days

    @field_validator("webhook_private", mode="before")
    @classmethod
    def _networks(cls, networks: object) -> object:
        return read_networks(networks) if isinstance(networks, str) else networks

    @field_validator("hubspot_stages", mode="before")
    @classmethod
    def _stages(cls, stages: object) -> object:
        if not isinstance(stages, str):
            return stages
        return () if stages.strip() == "*" else tuple(filter(None, map(str.strip, stages.split(","))))

    @field_validator("hubspot_fields", "salesforce_fields", mode="before")
    @classmethod
    def _names(cls, fields: object) -> object:
        if not isinstance(fields, str):
            return fields
        pairs = [pair.partition("=")[::2] for pair in fields.split(",") if pair.strip()]
        named = {fact.strip(): name.strip() for fact, name in pairs}
        if strange := [fact for fact, name in named.items() if fact not in CRM_FACTS or not name]:
            raise ValueError(f"{strange[0]!r} is none of {', '.join(CRM_FACTS)} with a name")
        return named

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level


def prepare_home(home: Path) -> None:
    """Create the data folder, readable by its owner only."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError("home", f"{error.strerror}: {home}. Name a folder that you may write.") from error


def read_secret_key(home: Path) -> str:
    """The key kept in the data folder; made on first use, and only one of several processes makes it."""
    path = home / "secret-key"
    try:
        if not path.exists():
            with tempfile.NamedTemporaryFile("w", dir=home, prefix=".secret-key-") as draft:
                draft.write(secrets.token_urlsafe(48))
                draft.flush()
                _link_once(path, Path(draft.name))
        return path.read_text()
    except OSError as error:
        raise SettingsError("home", f"{error.strerror}: {path}. Name a folder that you may write.") from error


def _link_once(path: Path, draft: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return  # another process was first: its key is the one


def parse_database(url: str) -> dj_database_url.DBConfig:
    """Django's entry for the database behind `url`; raise `SettingsError` if it cannot be used."""
    try:
        config = dj_database_url.parse(url, conn_max_age=KEEP_SECONDS, conn_health_checks=True)
    except ValueError:
        config = {}
    name = config.get("NAME", "")
    match config.get("ENGINE"):
        case "django.db.backends.sqlite3" if name != ":memory:":
            path = Path(name).absolute()
            if not path.parent.is_dir():
                raise SettingsError("database", f"there is no folder {path.parent}. Create it first.")
            return {**config, "NAME": str(path), "OPTIONS": {**SQLITE_OPTIONS, **_sqlite_options(config)}}
        case "django.db.backends.postgresql" if name:
            return config
    raise SettingsError("database", f"What it sets: {Settings.model_fields['database'].description}")


def _sqlite_options(config: dj_database_url.DBConfig) -> dict[str, object]:
    """What follows the question mark of a SQLite address; the time to wait for another writer is a number."""
    options = dict(config.get("OPTIONS", {}))
    try:
        return options | ({"timeout": float(options["timeout"])} if "timeout" in options else {})
    except (TypeError, ValueError):
        raise SettingsError("database", f"the timeout {options['timeout']!r} is no number of seconds.") from None


def parse_mail(url: str) -> dict[str, str | int | bool]:
    """Django's settings for the mail server behind `url`; raise `SettingsError` if it cannot be used."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingsError("mail", f"What it sets: {Settings.model_fields['mail'].description}")
    implicit = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": not implicit and bool(parts.username),
        "EMAIL_TIMEOUT": 10,
    }


def oidc_apps(settings: Settings) -> list[dict[str, object]]:
    """What the sign-in library needs to know of the OpenID Connect provider, if there is one."""
    if not settings.oidc_issuer:
        return []
    if not (settings.oidc_client_id and settings.oidc_client_secret):
        raise SettingsError("oidc_issuer", "it needs ASSAY_OIDC_CLIENT_ID and ASSAY_OIDC_CLIENT_SECRET beside it.")
    return [
        {
            "provider_id": "oidc",
            "name": urlsplit(settings.oidc_issuer).hostname or "OpenID Connect",
            "client_id": settings.oidc_client_id,
            "secret": settings.oidc_client_secret.get_secret_value(),
            "settings": {"server_url": settings.oidc_issuer},
        }
    ]


def origin(url: str) -> str:
    """Scheme and host of an address, as a browser's policies name it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


current = Settings.read()
prepare_home(current.home)

# What Django reads from here on: https://docs.djangoproject.com/en/5.2/ref/settings/

SECRET_KEY = current.secret_key.get_secret_value() if current.secret_key else read_secret_key(current.home)
DEBUG = current.debug
ALLOWED_HOSTS = list(current.hosts)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "assay.records",
    "assay.desk",
]

MIDDLEWARE = [
    "assay.requests.RouteMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "assay.intake.forms.door.NoCredentials",
    "assay.api.door.NoCookies",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "assay.desk.reader.ReaderMiddleware",
]

ROOT_URLCONF = "assay.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "desk", Path(__file__).parent / "intake", Path(__file__).parent],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "assay.desk.widgets.Renderer"
WSGI_APPLICATION = "assay.wsgi.application"

STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).parent / "intake" / "forms" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 86_400

DATABASES = {"default": parse_database(current.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "records.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "assay.desk.account.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Assay"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an admin invited the address
USERSESSIONS_TRACK_ACTIVITY = False  # a write on every page view would queue behind an import
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_ADAPTER = "assay.desk.account.adapter.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": oidc_apps(current)}}

DEFAULT_FROM_EMAIL = current.mail_from
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if current.mail:
    globals().update(parse_mail(current.mail.get_secret_value()))

# Throttled sign-ins are counted where every process sees them.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # A flood of forms is counted without a write each, in every process for itself.
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}},
}

# Files go to the disk while they come in, and no further than the limit.
FILE_UPLOAD_HANDLERS = [
    "assay.desk.imports.limit.Limit",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        # A browser holds redirects after a form against this too, and signing in with a provider is one.
        "form-action": ["'self'", *([origin(current.oidc_issuer)] if current.oidc_issuer else [])],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("de", "Deutsch")]
FORMAT_MODULE_PATH = "assay.desk.formats"
LOCALE_PATHS = [Path(__file__).parent / "desk" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = logs.configuration(current.log_level)
