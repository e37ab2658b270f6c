"""A minimal Django project with the same accounts, for measuring django-import-export beside the portal."""

import os

SECRET_KEY = "only for measuring"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["import_export", "accounts"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["PEER_DATABASE"],
        # The same as the portal's: one writer, a log ahead of the file, each commit synced.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
        },
    }
}
# What its documentation recommends: a file is imported whole or not at all.
IMPORT_EXPORT_USE_TRANSACTIONS = True
