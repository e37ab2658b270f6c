"""Has Canaille, an identity provider, tell a SCIM service about one of its people. Prints each request with its status, and
what was wrong.

    SCIM_URL=http://…/scim/v2 SCIM_TOKEN=pat_… python identity_provider.py

Canaille runs whole, with its database in memory: its own client (`canaille/scim/client.py`) sends what a stored, changed
or deleted user comes to.
"""

import datetime
import os
import re
from urllib.parse import unquote_plus

import httpx
from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from canaille.scim import client as outbound

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
LINK = r"https?://[^ ]+(?<![.])"
URL, TOKEN = os.environ["SCIM_URL"], os.environ["SCIM_TOKEN"]
CONFIGURATION = {
    "SECRET_KEY": "only for the tests",
    "SERVER_NAME": "canaille.example",
    "TESTING": True,
    "CANAILLE": {"DATABASE": "memory", "TIMEZONE": "UTC"},
    "CANAILLE_OIDC": {"ENABLE_OIDC": True, "TRUSTED_DOMAINS": ["127.0.0.1", "localhost"]},
    "CANAILLE_SCIM": {"ENABLE_SERVER": True, "ENABLE_CLIENT": True},
}


def note(answer):
    """Prints what was sent and what came back, without what is another each time."""
    answer.read()
    path = unquote_plus(str(answer.request.url).removeprefix(URL))
    try:
        said = answer.json().get("detail", "")
    except ValueError:
        said = answer.text
    line = f"  {answer.request.method} {path} {answer.status_code} {said}".rstrip()
    print(re.sub(UUID, "…", re.sub(LINK, "(link)", line)), flush=True)


def connection(**more):
    """The connection that Canaille opens, listened to."""
    return httpx.Client(event_hooks={"response": [note]}, timeout=60, **more)


def act(what):
    print(what, flush=True)


def main():
    outbound.httpx_client = connection
    app = create_app(CONFIGURATION, env_file="")
    with app.app_context(), app.test_request_context(base_url="http://canaille.example"), Backend.instance.session():
        now = datetime.datetime.now(datetime.timezone.utc)
        service = models.Client(
            client_id="staffbook", client_name="Staffbook", client_uri=URL, client_id_issued_at=now
        )
        Backend.instance.save(service)
        # Canaille sends a token that it made for the client; the service knows only its own.
        token = models.Token(
            token_id="staffbook",
            access_token=TOKEN,
            audience=[service],
            client=service,
            scope=["openid"],
            issue_date=now,
            lifetime=3600,
        )
        Backend.instance.save(token)

        act("A person joins")
        jo = models.User(
            user_name="jo.fenn",
            formatted_name="Jo Fenn",
            given_name="Jo",
            family_name="Fenn",
            emails=["jo@home.example"],
            phone_numbers=["01632 960123"],
            employee_number="4711",
            department="Medicine",
            title="Staff nurse",
        )
        Backend.instance.save(jo)
        act("The person is renamed")
        jo.given_name, jo.formatted_name = "Joanna", "Joanna Fenn"
        Backend.instance.save(jo)
        act("The person gets a telephone number that is none")
        jo.phone_numbers = ["12"]
        Backend.instance.save(jo)
        act("The person leaves")
        Backend.instance.delete(jo)


main()
