"""Imports a file with django-import-export: a dry run with its preview, then the import. Prints seconds as JSON.

    python measure.py creates.csv updates.csv
"""

import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")

import django  # noqa: E402

django.setup()

import tablib  # noqa: E402
from accounts.models import Account, Organisation  # noqa: E402
from accounts.resources import Fast, Plain  # noqa: E402
from django.core.management import call_command  # noqa: E402


def imported(resource, text, dry_run):
    began = time.perf_counter()
    dataset = tablib.Dataset().load(text, format="csv")
    result = resource().import_data(dataset, dry_run=dry_run, raise_errors=not dry_run)
    if result.has_errors() or result.has_validation_errors():
        errors = [error for row in result.error_rows[:3] for error in row.errors]
        sys.exit(f"the import has errors: {errors or result.base_errors}")
    if dry_run and not resource._meta.skip_diff:
        # What the preview's page shows.
        [row.diff for row in result.rows]
    return time.perf_counter() - began


def main(creates, updates):
    call_command("migrate", run_syncdb=True, verbosity=0)
    Organisation.objects.create(code="RIV", name="Riverside Hospitals Trust")
    for name, resource in [("plain", Plain), ("fast", Fast)]:
        Account.objects.all().delete()
        for kind, path in [("create", creates), ("update", updates)]:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            check = imported(resource, text, dry_run=True)
            apply = imported(resource, text, dry_run=False)
            told = {"options": name, "kind": kind, "check": check, "apply": apply, "there": Account.objects.count()}
            print(json.dumps(told), flush=True)


main(*sys.argv[1:])
