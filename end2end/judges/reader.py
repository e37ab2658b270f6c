"""Reads everybody of a SCIM service by cursor with scim2-client, which looks at each answer, and prints the IDs, a line each.

    SCIM_URL=http://…/scim/v2 SCIM_TOKEN=pat_… python reader.py
"""

import os

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import SearchRequest

connection = Client(
    base_url=os.environ["SCIM_URL"], headers={"Authorization": f"Bearer {os.environ['SCIM_TOKEN']}"}, timeout=60
)
client = SyncSCIMClient(connection)
client.discover()
user = client.get_resource_model("User")

cursor = ""
while cursor is not None:
    page = client.query(user, query_parameters=SearchRequest(cursor=cursor, count=1000))
    for person in page.resources or []:
        print(person.id)
    cursor = page.next_cursor
