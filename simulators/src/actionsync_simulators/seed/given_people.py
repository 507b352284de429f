"""The people given in CSV files, put together to one world: ids, owners and accounts that fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from actionsync_simulators.seed.csv_rows import BadRow, Row
from actionsync_simulators.seed.org import Account, Person, World
from actionsync_simulators.seed.salesforce_ids import salesforce_ids, serial_of
from actionsync_simulators.seed.selling import make_queues, make_users

FIRST_MARKETO_ID = 1001


class GivenPeople:
    """People taken row by row. Nothing of a row is kept before `add`, so that a refused row leaves no trace."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self._users, self._queues = make_users(start), make_queues(start)
        self._owners = {user.id for user in self._users} | {queue.id for queue in self._queues}
        self._people: list[Person] = []
        self._by_salesforce_id: dict[str, int] = {}
        self._by_marketo_id: dict[int, int] = {}
        self._with_marketo_id: set[int] = set()
        self._account_names: dict[str, str] = {}

    def has(self, record_id: str) -> bool:
        """Tell whether a person with this Salesforce id was given."""
        return record_id in self._by_salesforce_id

    def unused(self, record_id: str | None) -> str | None:
        """Return the Salesforce id; BadRow when it was given before."""
        if record_id is not None and self.has(record_id):
            raise BadRow(f"Id {record_id} is given twice")
        return record_id

    def unused_marketo_id(self, marketo_id: int | None) -> int | None:
        """Return the Marketo id; BadRow when it was given before."""
        if marketo_id in self._by_marketo_id:
            raise BadRow(f"id {marketo_id} is given twice")
        return marketo_id

    def give_marketo_id(self, record_id: str, marketo_id: int | None) -> None:
        """Let the person with this Salesforce id have this Marketo id; BadRow when one was given before."""
        position = self._by_salesforce_id[record_id]
        if position in self._with_marketo_id:
            raise BadRow(f"{record_id} is given twice")
        self._with_marketo_id.add(position)
        if marketo_id is not None:
            self._by_marketo_id[marketo_id] = position

    def owner(self, row: Row, column: str, *prefixes: str) -> str:
        """Return the owner (empty: the API user, as in Salesforce); BadRow for one the org does not have."""
        owner = row.record_id(column, *prefixes)
        if owner is None:
            return self._users[0].id
        if owner not in self._owners:
            raise BadRow(f"{column} {owner} is unknown: the simulated org has no such user or queue")
        return owner

    def account(self, account_id: str | None, name: str | None, *, column: str) -> str | None:
        """Return the account id; BadRow when it is new and there is no name to create the account with."""
        if account_id is not None and account_id not in self._account_names and name is None:
            raise BadRow(f"{column} {account_id} is unknown, and the row has no account name to create it with")
        return account_id

    def add(self, person: Person, *, marketo_id: int | None = None) -> None:
        """Take a person whose row has been found good."""
        position = len(self._people)
        if person.account_id is not None:
            name = self._account_names.setdefault(person.account_id, person.company or "")
            person = person._replace(company=name)
        if person.salesforce_id is not None:
            self._by_salesforce_id[person.salesforce_id] = position
        if marketo_id is not None:
            self._by_marketo_id[marketo_id] = position
            self._with_marketo_id.add(position)
        self._people.append(person)

    def world(self, seed: int) -> World:
        """Return the world: what came without an id has one, and a contact's company is an account."""
        issued = {"005": len(self._users), "00G": len(self._queues), "006": 0, "00K": 0}
        for prefix in ("001", "00Q", "003"):
            given = [one for one in (*self._by_salesforce_id, *self._account_names) if one.startswith(prefix)]
            issued[prefix] = max((serial_of(one) or 0 for one in given), default=0)
        lead_ids, contact_ids = _fresh_ids(issued, "00Q"), _fresh_ids(issued, "003")
        accounts = _Accounts(self._account_names, owner=self._users[0].id, issued=issued, start=self.start)
        marketo_ids = {position: marketo_id for marketo_id, position in self._by_marketo_id.items()}
        fresh = FIRST_MARKETO_ID
        people: list[Person] = []
        for position, given_person in enumerate(self._people):
            person = given_person
            if person.kind != "marketo_only" and person.salesforce_id is None:
                record_id = next(lead_ids if person.kind == "lead" else contact_ids)
                person = person._replace(salesforce_id=record_id)
            if person.kind == "contact" and person.account_id is None and person.company is not None:
                account = accounts.named(person.company, owner=person.owner_id)
                person = person._replace(account_id=account.id, company=account.name)
            marketo_id = marketo_ids.get(position)
            if marketo_id is None:
                while fresh in self._by_marketo_id:
                    fresh += 1
                marketo_id, fresh = fresh, fresh + 1
            people.append(person._replace(marketo_id=marketo_id))
        return World(seed, self.start, self._users, self._queues, list(accounts.all.values()), [], [], people, issued)


class _Accounts:
    """The accounts of the world: those given with an id, and one for each further name."""

    def __init__(self, given: dict[str, str], *, owner: str, issued: dict[str, int], start: datetime) -> None:
        self._start = start
        self._owner = owner
        self._ids = _fresh_ids(issued, "001")
        self.all = {account_id: self._make(account_id, name, owner) for account_id, name in given.items()}
        self._by_name = {account.name.lower(): account for account in self.all.values()}

    def named(self, name: str, *, owner: str | None) -> Account:
        account = self._by_name.get(name.lower())
        if account is None:
            account = self._make(next(self._ids), name, owner or self._owner)
            self.all[account.id] = self._by_name[name.lower()] = account
        return account

    def _make(self, account_id: str, name: str, owner: str) -> Account:
        return Account(account_id, name, None, None, None, None, None, None, owner, self._start, self._start)


def _fresh_ids(issued: dict[str, int], prefix: str) -> Iterator[str]:
    for record_id in salesforce_ids(prefix, start=issued[prefix] + 1):
        issued[prefix] += 1
        yield record_id
