"""A minimal Django project with django-scim2, for measuring it beside the portal. Whoever asks is let in."""

import os

SECRET_KEY = "only for measuring"
USE_TZ = True
ALLOWED_HOSTS = ["127.0.0.1"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "people"]
AUTH_USER_MODEL = "people.Person"
MIDDLEWARE = ["people.views.Everybody", "django_scim.middleware.SCIMAuthCheckMiddleware"]
ROOT_URLCONF = "people.views"
WSGI_APPLICATION = "people.views.application"
SCIM_SERVICE_PROVIDER = {
    "NETLOC": "127.0.0.1",
    "AUTHENTICATION_SCHEMES": [],
    "GET_IS_AUTHENTICATED_PREDICATE": "people.views.is_let_in",
}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["PEER_DATABASE"],
        "CONN_MAX_AGE": None,
        # The same as the portal's: one writer, a log ahead of the file, each commit synced.
        "OPTIONS": {
            "timeout": 60,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
        },
    }
}
