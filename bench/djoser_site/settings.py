"""The original that the djoser dialect is compared with: djoser 2.1, DRF 3.14 and Django 3.2 as Debian 12 packages them.

PROFILE=seed|email|default says which of the recorded profiles it plays, DIRECTORY where its database and mails lie. The
recordings (stack A) were made with djoser 2.2 on Django 4.2. The recorded requests, sent to this site, get the same status, body and
headers, djoser's 400 to resend_activation for somebody unknown or active included, but for:
* Cross-Origin-Opener-Policy, which Django 3.2 does not send;
* Django's own error pages, whose type here is `text/html` without a charset;
* what belongs to drf-social-oauth2 and djoser's social login: not here; authentication.py stands in for the refusals of `Bearer`.
What Propusk decided against both is the table in bench/prove/djoser_differential.
"""
import os
from pathlib import Path

PROFILE = os.environ.get("PROFILE", "seed")
DIRECTORY = Path(os.environ["DIRECTORY"])

SECRET_KEY = "a key of benchmarks and comparisons, which guards nothing"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
TIME_ZONE = "UTC"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DIRECTORY / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DIRECTORY / "mail"
DEFAULT_FROM_EMAIL = "noreply@example.test"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "djoser",
    *(["people"] if PROFILE != "default" else []),
]
STATIC_URL = "/static/"
MIGRATION_MODULES = {app.rpartition(".")[2]: None for app in INSTALLED_APPS}  # `migrate --run-syncdb` makes the tables at once
AUTH_USER_MODEL = "auth.User" if PROFILE == "default" else "people.User"

# as `startproject` writes them
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
if os.environ.get("CHEAP_HASHES"):  # where bytes are compared and time is not
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication", "authentication.Bearer"]}

DJOSER = {  # the links that the mails need, as the recorded server had them
    "ACTIVATION_URL": "auth/activate/{uid}/{token}",
    "PASSWORD_RESET_CONFIRM_URL": "auth/password/reset/confirm/{uid}/{token}",
    "USERNAME_RESET_CONFIRM_URL": "auth/username/reset/confirm/{uid}/{token}",
}
if PROFILE != "default":
    DJOSER |= {"SEND_ACTIVATION_EMAIL": True, "USER_CREATE_PASSWORD_RETYPE": True, "SET_PASSWORD_RETYPE": True}
if PROFILE == "seed":
    DJOSER |= {"SERIALIZERS": {"user_create_password_retype": "people.serializers.SeedUserCreateSerializer"}}
