"""The unmodified third-party client `marketorestpython`: bulk export and import."""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from marketorestpython.helper.exceptions import MarketoException

WINDOW = {"createdAt": {"startAt": "2026-10-26T00:00:00Z", "endAt": "2026-11-25T00:00:00Z"}}
JOBS: dict[str, dict[str, Any]] = {
    "leads": {"fields": ["id", "email"], "filters": WINDOW},
    "activities": {"fields": None, "filters": WINDOW},
    "program_members": {"fields": ["leadId", "statusName", "email"], "filters": {"programId": 1001}},
}


# The client does not close the file that it sends.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


@pytest.fixture(autouse=True)
def close_files_of_the_client() -> Iterator[None]:
    """Let Python close them while the warning is ignored."""
    yield
    gc.collect()


def import_to_its_end(client: Any, **arguments: Any) -> dict[str, Any]:
    (job,) = client.execute(method="import_lead", **arguments)
    assert job["status"] == "Queued"
    for _ in range(1_000):
        (status,) = client.execute(method="get_import_lead_status", id=job["batchId"])
        if status["status"] not in ("Queued", "Importing"):
            shown: dict[str, Any] = status
            return shown
    raise AssertionError(status)


@pytest.mark.parametrize("entity", JOBS)
def test_exports_run_from_creation_to_file(client: Any, entity: str) -> None:
    (job,) = client.execute(method=f"create_{entity}_export_job", format="CSV", **JOBS[entity])
    (queued,) = client.execute(method=f"enqueue_{entity}_export_job", job_id=job["exportId"])
    assert queued["status"] == "Queued"
    for _ in range(1_000):
        (status,) = client.execute(method=f"get_{entity}_export_job_status", job_id=job["exportId"])
        if status["status"] == "Completed":
            break
    content = client.execute(method=f"get_{entity}_export_job_file", job_id=job["exportId"])
    assert len(content) == status["fileSize"]
    streamed = client.execute(method=f"get_{entity}_export_job_file", job_id=job["exportId"], stream=True)
    assert b"".join(streamed.iter_content(1_000)) == content
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert len(rows) == status["numberOfRecords"] > 0
    (other,) = client.execute(method=f"create_{entity}_export_job", **JOBS[entity])
    assert client.execute(method=f"cancel_{entity}_export_job", job_id=other["exportId"])[0]["status"] == "Cancelled"
    jobs = client.execute(method=f"get_{entity}_export_jobs_list")
    assert {row["exportId"] for row in jobs} == {job["exportId"], other["exportId"]}


def test_columns_can_be_renamed(client: Any) -> None:
    arguments = JOBS["leads"] | {"columnHeaderNames": {"email": "E-Mail"}, "format": "TSV"}
    (job,) = client.execute(method="create_leads_export_job", **arguments)
    client.execute(method="enqueue_leads_export_job", job_id=job["exportId"])
    for _ in range(1_000):
        (status,) = client.execute(method="get_leads_export_job_status", job_id=job["exportId"])
        if status["status"] == "Completed":
            break
    content = client.execute(method="get_leads_export_job_file", job_id=job["exportId"])
    assert content.startswith(b"id\tE-Mail\n")


def test_a_file_of_leads_is_imported(client: Any, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(
        "email,firstName,leadScore\nimport1@example.com,One,1\nimport2@example.com,Two,TEXT\nINVALID_EMAIL,Three,3\n",
        encoding="utf-8",
    )
    status = import_to_its_end(client, format="csv", file=str(file), lookupField="email", listId=1003)
    assert status["message"] == ("Import completed with errors, 2 records imported (2 members), 1 failed, 1 warning.")
    failures = client.execute(method="get_import_failure_file", id=status["batchId"])
    assert failures == (
        "email,firstName,leadScore,Import Failure Reason\n"
        "import2@example.com,Two,TEXT,Invalid data type in field Lead Score\n"
    )
    warnings = client.execute(method="get_import_warning_file", id=status["batchId"])
    assert warnings.splitlines()[1:] == ["INVALID_EMAIL,Three,3,Invalid email address"]
    members = client.execute(method="get_multiple_leads_by_list_id", listId="1003", fields=["email"])
    assert [row["email"] for row in members] == ["import1@example.com", "INVALID_EMAIL"]


def test_an_import_by_id_into_a_partition_of_another_format(client: Any, tmp_path: Path) -> None:
    file = tmp_path / "leads.txt"
    file.write_text("id;middleName\n1001;Imported\n1002;Imported\n", encoding="utf-8")
    status = import_to_its_end(client, format="ssv", file=str(file), lookupField="id", partitionName="Default")
    assert status["numOfLeadsProcessed"] == 2
    (lead,) = client.execute(method="get_lead_by_id", id=1002, fields=["middleName"])
    assert lead["middleName"] == "Imported"


def test_a_refused_import_raises(client: Any, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("email,noSuchField\na@example.com,x\n", encoding="utf-8")
    with pytest.raises(MarketoException) as refused:
        client.import_lead(format="csv", file=str(file))
    assert refused.value.code == "1006"
