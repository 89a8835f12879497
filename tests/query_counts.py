"""How many questions each page asks the database, held in `query_counts.json`.

A test calls `assert_counted(client, "name of the page", address)`. The number in the file is what
the page asks once the process is warm, whatever the number of rows. After a change that is meant,
write the file anew with `QUERY_COUNTS=write pytest -k query`.
"""

import json
import os
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

FILE = Path(__file__).with_name("query_counts.json")
MOST = 15  # of any page, unless its test says why
WRITES = os.environ.get("QUERY_COUNTS") == "write"


def assert_counted(client, page, address, *, most=MOST):
    """The page answers with the number of queries that the file has for it; gives the answer."""
    assert client.get(address).status_code == 200  # warms what a process keeps
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address)
    if WRITES:
        _write(page, len(asked))
    known = json.loads(FILE.read_text()).get(page)
    told = "\n".join(query["sql"][:160] for query in asked)
    assert len(asked) == known, f"{page}: {len(asked)} queries, {known} in {FILE.name}\n{told}"
    assert len(asked) <= most, told
    return answer


def _write(page, number):
    held = json.loads(FILE.read_text()) if FILE.exists() else {}
    FILE.write_text(json.dumps({**held, page: number}, indent=2, sort_keys=True) + "\n")
