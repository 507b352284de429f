"""Groups: aggregate functions, GROUP BY, HAVING, and the keys of the results."""

from __future__ import annotations

from typing import Any


def test_totals_without_grouping(org: Any) -> None:
    assert org.groups(
        "SELECT COUNT(Id), COUNT(Email) mails, COUNT_DISTINCT(AccountId), SUM(Score__c), AVG(Score__c), MIN(Name),"
        " MAX(Birthdate) youngest FROM Contact"
    ) == [
        {
            "attributes": {"type": "AggregateResult"},
            "expr0": 4,
            "mails": 3,
            "expr1": 2,
            "expr2": 0.25,
            "expr3": 0.25 / 3,
            "expr4": "Anna Ames",
            "youngest": "1990-02-04",
        }
    ]


def test_totals_of_no_rows(org: Any) -> None:
    total = org.groups("SELECT COUNT(Id), MAX(Name) FROM Contact WHERE Name = 'nobody'")[0]
    assert (total["expr0"], total["expr1"]) == (0, None)


def test_groups(org: Any) -> None:
    rows = org.groups("SELECT Account.Name, COUNT(Id) FROM Contact GROUP BY Account.Name ORDER BY COUNT(Id) DESC")
    assert [(row["Name"], row["expr0"]) for row in rows] == [("Acme", 2), (None, 1), ("acme sub", 1)]
    assert all(row["attributes"] == {"type": "AggregateResult"} for row in rows)


def test_text_groups_without_regard_to_case(org: Any) -> None:
    rows = org.groups("SELECT Company, COUNT(Id) n FROM Lead GROUP BY Company")
    assert [(row["Company"], row["n"]) for row in rows] == [("Other", 1), ("Planet", 2)]
    assert org.groups("SELECT COUNT_DISTINCT(Company) FROM Lead")[0]["expr0"] == 2


def test_having_order_limit_offset(org: Any) -> None:
    query = "SELECT OwnerId, COUNT(Id) FROM Task GROUP BY OwnerId"
    assert [row["expr0"] for row in org.groups(query)] == [3, 1, 1]
    assert [row["expr0"] for row in org.groups(f"{query} HAVING COUNT(Id) > 1")] == [3]
    assert [row["expr0"] for row in org.groups(f"{query} HAVING COUNT(Id) = 1 AND OwnerId != null")] == [1, 1]
    assert [row["expr0"] for row in org.groups(f"{query} HAVING NOT SUM(CallDurationInSeconds) > 100")] == [1, 1]
    assert [row["expr0"] for row in org.groups(f"{query} ORDER BY COUNT(Id) DESC LIMIT 1")] == [3]
    assert [row["expr0"] for row in org.groups(f"{query} ORDER BY OwnerId NULLS LAST LIMIT 5 OFFSET 2")] == [1]
    assert org.groups(f"{query} LIMIT 0") == []


def test_booleans_ids_and_numbers_as_groups(org: Any) -> None:
    rows = org.groups("SELECT IsConverted, COUNT(Id) FROM Lead GROUP BY IsConverted")
    assert [(row["IsConverted"], row["expr0"]) for row in rows] == [(False, 2), (True, 1)]
    rows = org.groups("SELECT CallDurationInSeconds s FROM Task GROUP BY CallDurationInSeconds")
    assert [row["s"] for row in rows] == [None, 60, 120]


def test_date_functions(org: Any) -> None:
    rows = org.groups(
        "SELECT CALENDAR_YEAR(Birthdate) y, CALENDAR_QUARTER(Birthdate) q, CALENDAR_MONTH(Birthdate) m,"
        " DAY_IN_MONTH(Birthdate) d, DAY_IN_WEEK(Birthdate) w, DAY_IN_YEAR(Birthdate) n, WEEK_IN_MONTH(Birthdate) wm,"
        " WEEK_IN_YEAR(Birthdate) wy FROM Contact WHERE Birthdate != null GROUP BY CALENDAR_YEAR(Birthdate),"
        " CALENDAR_QUARTER(Birthdate), CALENDAR_MONTH(Birthdate), DAY_IN_MONTH(Birthdate), DAY_IN_WEEK(Birthdate),"
        " DAY_IN_YEAR(Birthdate), WEEK_IN_MONTH(Birthdate), WEEK_IN_YEAR(Birthdate)"
    )
    assert [tuple(row.values())[1:] for row in rows] == [
        (1985, 4, 12, 31, 3, 365, 5, 53),
        (1990, 1, 2, 3, 7, 34, 1, 5),
        (1990, 1, 2, 4, 1, 35, 1, 5),
    ]


def test_moments_count_in_utc_unless_converted(org: Any) -> None:
    def days(argument: str) -> list[tuple[str, int]]:
        call = f"DAY_ONLY({argument})"
        calls = f"{call}, HOUR_IN_DAY({argument})"
        rows = org.groups(f"SELECT {calls} FROM Task WHERE Subject = 'Call' GROUP BY {calls}")
        return [(row["expr0"], row["expr1"]) for row in rows]

    assert days("ReminderDateTime") == [("2024-03-11", 7)]
    assert days("convertTimezone(ReminderDateTime)") == [("2024-03-11", 0)]
    org.timezone = "America/New_York"
    assert days("convertTimezone(ReminderDateTime)") == [("2024-03-11", 3)]


def test_date_functions_in_conditions(org: Any) -> None:
    assert org.values("SELECT LastName FROM Contact WHERE CALENDAR_YEAR(Birthdate) = 1990") == ["Ames", "Cole"]
    assert org.values("SELECT LastName FROM Contact WHERE CALENDAR_MONTH(Birthdate) IN (12, 1)") == ["D'Arc_100%"]
    assert org.values("SELECT Subject FROM Task WHERE DAY_ONLY(ReminderDateTime) = 2024-03-12") == ["Email: Hi"]
    assert org.values("SELECT Subject FROM Task WHERE DAY_ONLY(convertTimezone(ReminderDateTime)) = TODAY") == [None]
    assert org.count("SELECT COUNT() FROM Contact WHERE CALENDAR_YEAR(Birthdate) != 1990") == 2


def test_formatted_aggregates(org: Any) -> None:
    row = org.groups("SELECT FORMAT(SUM(AnnualRevenue)) total, FORMAT(MAX(CreatedDate)) FROM Account")[0]
    assert (row["total"], row["expr0"]) == ("$1,200.50", "2/29/2024, 4:00 PM")
