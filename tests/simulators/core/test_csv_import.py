"""The user's own CSV files: what is loaded, what is refused, and that a refused row leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from actionsync_simulators.seed.csv_import import CsvFiles, read_world
from actionsync_simulators.seed.csv_rows import CsvError
from actionsync_simulators.seed.org import Person, World
from actionsync_simulators.seed.salesforce_ids import salesforce_id
from actionsync_simulators.seed.selling import make_queues, make_users

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
SELLER = make_users(START)[2].id
OTHER_SELLER = make_users(START)[3].id
API_USER = make_users(START)[0].id
QUEUE = make_queues(START)[0].id
STRANGER = salesforce_id("005", 4_000)
Load = Callable[..., tuple[World, list[str]]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write the given texts as files, read them, and return the world and the report (paths shortened)."""

    def run(**texts: str) -> tuple[World, list[str]]:
        paths: dict[str, Path] = {}
        for name, text in texts.items():
            paths[name] = tmp_path / f"{name}.csv"
            paths[name].write_text(text, encoding="utf-8")
        reported: list[str] = []
        world = read_world(CsvFiles(**paths), seed=1, start=START, report=reported.append)
        return world, [line.replace(f"{tmp_path}/", "") for line in reported]

    return run


def by_email(world: World) -> dict[str | None, Person]:
    return {person.email: person for person in world.people}


def test_leads_become_synced_people(load: Load) -> None:
    world, reported = load(
        leads="Id,FirstName,LastName,Company,OwnerId,Email,Phone,MobilePhone,Title,LeadSource,"
        "LinkedIn_Profile__c,HasOptedOutOfEmail,CreatedDate,LastModifiedDate,Favourite_Colour__c\n"
        f"{salesforce_id('00Q', 77)},Ada,Lovelace,Engines,{SELLER},ada@engines.example,1,2,Countess,Web,"
        "https://li.example/ada,TRUE,2025-12-01T10:00:00.000Z,2025-12-02T10:00:00.000+0000,green\n"
    )
    assert reported == []
    assert world.people == [
        Person(
            kind="lead",
            first_name="Ada",
            last_name="Lovelace",
            email="ada@engines.example",
            company="Engines",
            title="Countess",
            phone="1",
            linkedin_url="https://li.example/ada",
            lead_source="Web",
            mobile_phone="2",
            created_at=datetime(2025, 12, 1, 10, tzinfo=UTC),
            updated_at=datetime(2025, 12, 2, 10, tzinfo=UTC),
            owner_id=SELLER,
            salesforce_id=salesforce_id("00Q", 77),
            account_id=None,
            opportunity_id=None,
            unsubscribed=True,
            marketo_id=1001,
            crm_deleted=False,
        )
    ]
    assert world.issued["00Q"] == 77
    assert (len(world.users), len(world.queues), world.accounts) == (25, 2, [])


def test_what_is_left_out_gets_what_salesforce_would_give(load: Load) -> None:
    world, reported = load(leads="LastName,Company,OwnerId\nLovelace,Engines,\n")
    assert reported == []
    (person,) = world.people
    assert person.salesforce_id == salesforce_id("00Q", 1)
    assert person.owner_id == API_USER
    assert (person.first_name, person.email, person.unsubscribed) == (None, None, False)
    assert (person.created_at, person.updated_at) == (START, START)


def test_column_names_in_any_case_a_byte_order_mark_and_empty_lines(load: Load) -> None:
    world, reported = load(leads="\ufefflastname,COMPANY , email\r\n\r\n Lovelace , Engines ,ada@x.example\r\n,,\r\n")
    assert reported == []
    assert [(one.last_name, one.company, one.email) for one in world.people] == [
        ("Lovelace", "Engines", "ada@x.example")
    ]


def test_quoted_cells_over_several_lines_are_told_by_their_first_line(load: Load) -> None:
    world, reported = load(leads='LastName,Company\n"Love\nlace","A, ""B"""\n"Two\nlines",\nThree,C\n')
    assert [(one.last_name, one.company) for one in world.people] == [("Love\nlace", 'A, "B"'), ("Three", "C")]
    assert reported == ["leads.csv:4: skipped: Company is empty"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f",Lovelace,Engines,{STRANGER},,", f"OwnerId {STRANGER} is unknown: the simulated org has no such"),
        (",Lovelace,Engines,nobody,,", "OwnerId 'nobody' is not a Salesforce id"),
        (f",Lovelace,Engines,{salesforce_id('003', 1)},,", "does not begin with 005 or 00G"),
        (",,Engines,,,", "LastName is empty"),
        (",Lovelace,,,,", "Company is empty"),
        (",Lovelace,Engines,,not an address,", "Email 'not an address' is not an email address"),
        (",Lovelace,Engines,,,maybe", "HasOptedOutOfEmail 'maybe' is not true or false"),
        ("00Q8d0000000001EAB,Lovelace,Engines,,,", "is not a Salesforce id (15 characters, or 18"),
        (f"{SELLER},Lovelace,Engines,,,", "does not begin with 00Q"),
        (f"{salesforce_id('00Q', 5)},Lovelace,Engines,,,", "is given twice"),
        (f"{salesforce_id('00Q', 5)[:15]},Lovelace,Engines,,,", "is given twice"),
        (f",{'x' * 81},Engines,,,", "LastName is longer than 80 characters"),
        (",Lovelace,Engines", "3 cells where the header has 6 columns"),
        (",Lovelace,Engines,,,,surplus", "7 cells where the header has 6 columns"),
    ],
)
def test_a_bad_row_is_told_by_its_line_and_left_out(load: Load, row: str, why: str) -> None:
    world, reported = load(
        leads="Id,LastName,Company,OwnerId,Email,HasOptedOutOfEmail\n"
        f"{salesforce_id('00Q', 5)},First,Engines,{QUEUE},,\n"
        f"{row}\n"
        f",Last,Engines,{SELLER[:15]},,1\n"
    )
    assert [person.last_name for person in world.people] == ["First", "Last"]
    assert [person.owner_id for person in world.people] == [QUEUE, SELLER]
    assert len(reported) == 1
    assert reported[0].startswith("leads.csv:3: skipped: ")
    assert why in reported[0]
    assert world.issued["00Q"] == 6


def test_times_after_the_start_and_times_that_are_none(load: Load) -> None:
    world, reported = load(
        leads="LastName,Company,CreatedDate,LastModifiedDate\n"
        "A,C,2026-02-01T00:00:00Z,\n"
        "B,C,soon,\n"
        "D,C,2026-01-02,2026-01-01\n"
    )
    assert [person.last_name for person in world.people] == ["D"]
    assert world.people[0].updated_at == world.people[0].created_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert "leads.csv:2: skipped: CreatedDate 2026-02-01T00:00:00Z is after the start of the clock" in reported[0]
    assert reported[1] == "leads.csv:3: skipped: CreatedDate 'soon' is not an ISO 8601 time"


def test_contacts_get_accounts_by_id_or_by_name(load: Load) -> None:
    account = salesforce_id("001", 9)
    world, reported = load(
        contacts="LastName,AccountId,Account.Name,OwnerId\n"
        f"A,{account},Engines,{SELLER}\n"
        f"B,{account},,{SELLER}\n"
        f"C,,engines,{SELLER}\n"
        f"D,,Looms,{OTHER_SELLER}\n"
        f"E,,,{SELLER}\n"
        f"F,{salesforce_id('001', 10)},,{SELLER}\n"
        f"G,,Looms,{QUEUE}\n"
    )
    people = {person.last_name: person for person in world.people}
    assert [people[name].account_id for name in "ABC"] == [account] * 3
    assert {people[name].company for name in "ABC"} == {"Engines"}
    assert people["D"].account_id == salesforce_id("001", 10), "ids go on after the highest given one"
    assert (people["E"].account_id, people["E"].company) == (None, None)
    assert [person.kind for person in world.people] == ["contact"] * 5
    assert [(one.id, one.name, one.owner_id) for one in world.accounts] == [
        (account, "Engines", API_USER),
        (salesforce_id("001", 10), "Looms", OTHER_SELLER),
    ]
    assert world.issued["001"] == 10
    assert "contacts.csv:7: skipped: AccountId" in reported[0]
    assert "does not begin with 005" in reported[1], "a contact cannot be owned by a queue"


def test_a_refused_contact_leaves_no_account_behind(load: Load) -> None:
    account = salesforce_id("001", 9)
    world, reported = load(contacts=f"LastName,AccountId,Company,OwnerId,Email\nA,{account},Engines,,@\n")
    assert (world.people, world.accounts) == ([], [])
    assert len(reported) == 1


def test_marketo_people_alone_and_with_salesforce_ids(load: Load) -> None:
    lead, contact = salesforce_id("00Q", 3), salesforce_id("003", 4)
    world, reported = load(
        marketo_leads="id,email,firstName,lastName,company,unsubscribed,sfdcLeadId,sfdcContactId,sfdcLeadOwnerId\n"
        "7,only@x.example,Only,,,true,,,\n"
        f",lead@x.example,,Lead,Engines,,{lead},,{QUEUE}\n"
        f",contact@x.example,,Contact,Engines,,{lead},{contact},{SELLER}\n"
        f",owned@x.example,,Owned,,,,,{SELLER}\n"
        f",nameless@x.example,,,Engines,,{salesforce_id('00Q', 9)},,{SELLER}\n"
        f",nofirm@x.example,,Nofirm,,,{salesforce_id('00Q', 9)},,{SELLER}\n"
        "7,twice@x.example,,,,,,,\n"
        "0,zero@x.example,,,,,,,\n"
    )
    people = by_email(world)
    assert list(people) == ["only@x.example", "lead@x.example", "contact@x.example"]
    assert (people["only@x.example"].kind, people["only@x.example"].marketo_id) == ("marketo_only", 7)
    assert people["only@x.example"].unsubscribed
    assert people["only@x.example"].owner_id is None
    assert (people["lead@x.example"].kind, people["lead@x.example"].owner_id) == ("lead", QUEUE)
    assert (people["contact@x.example"].kind, people["contact@x.example"].salesforce_id) == ("contact", contact)
    assert people["contact@x.example"].account_id == salesforce_id("001", 1)
    assert [line.split(": ")[2] for line in reported] == [
        "sfdcLeadOwnerId without a Salesforce id",
        "lastName is empty",
        "company is empty",
        "id 7 is given twice",
        "id '0' is not a whole number from 1 up",
    ]


def test_the_salesforce_file_stands_and_the_marketo_file_gives_the_id(load: Load) -> None:
    lead = salesforce_id("00Q", 3)
    world, reported = load(
        leads=f"Id,LastName,Company,Email\n{lead},Lovelace,Engines,ada@engines.example\n,Next,Engines,n@x.example\n",
        marketo_leads="id,email,sfdcLeadId\n"
        f"1001,other@x.example,{lead}\n"
        f"1002,again@x.example,{lead}\n"
        "1003,third@x.example,\n",
    )
    people = by_email(world)
    assert list(people) == ["ada@engines.example", "n@x.example", "third@x.example"]
    assert people["ada@engines.example"].marketo_id == 1001
    assert people["third@x.example"].marketo_id == 1003
    assert people["n@x.example"].marketo_id == 1002, "free ids skip the given ones"
    assert reported == [f"marketo_leads.csv:3: skipped: {lead} is given twice"]


def test_all_three_files_make_one_world(load: Load) -> None:
    world, reported = load(
        leads="LastName,Company,Email\nA,C,a@x.example\n",
        contacts="LastName,Company,Email\nB,C,a@x.example\n",
        marketo_leads="email\na@x.example\n",
    )
    assert reported == []
    assert [person.kind for person in world.people] == ["lead", "contact", "marketo_only"]
    assert [person.marketo_id for person in world.people] == [1001, 1002, 1003]
    assert (world.opportunities, world.contact_roles) == ([], [])


def test_a_file_with_a_header_only_is_an_empty_world(load: Load) -> None:
    world, reported = load(leads="LastName,Company\n")
    assert (world.people, reported) == ([], [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "the header has no column LastName (needed: LastName, Company)"),
        (b"LastName;Company\nA;B\n", "the header has no column LastName"),
        (b"LastName\nA\n", "the header has no column Company"),
        (b"LastName,Company,company\nA,B,C\n", "names Company more than once"),
        (b"LastName,Company\nA,\xff\xfe\n", "is not UTF-8 text"),
        (b'LastName,Company\nA,B\nC,"D"x\n', "is not CSV (line 3)"),
        (b'LastName,Company\nA,"B\n', "is not CSV (line"),
    ],
)
def test_an_unusable_file_is_an_error(tmp_path: Path, text: bytes, why: str) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(text)
    with pytest.raises(CsvError, match=r"leads\.csv") as refused:
        read_world(CsvFiles(leads=path), seed=1, start=START, report=lambda line: None)
    assert why in str(refused.value)


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(CsvError, match="cannot be read"):
        read_world(CsvFiles(contacts=tmp_path / name), seed=1, start=START, report=lambda line: None)


def test_no_files_means_no_csv_world() -> None:
    assert not CsvFiles()
    assert CsvFiles(leads=Path("x"))
