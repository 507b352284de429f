"""Which company a lead belongs to, and the values that the people of a company share.

A lead belongs to the company that its `externalCompanyId` names, or to its Salesforce account. It has the company's
values in its own row, so that filters and exports see them; they change with the company, one Change Data Value row
per field and person. Only a lead of neither kind has company fields of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.fields.standard import COMPANY_FIELDS
from actionsync_simulators.marketo.gateway.errors import api_error

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.activities.record import Origin
    from actionsync_simulators.marketo.subscription import Subscription

KEY, ACCOUNT = "externalCompanyId", "sfdcAccountId"
SHARED = tuple(sorted(COMPANY_FIELDS))
_COLUMNS = ", ".join(f'"{name}"' for name in SHARED)


def with_company(site: Subscription, lead_id: int | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to write into a lead (None: a new one), with the values of a company that it joins.

    1021 for company fields of a lead that belongs to a company, and for taking a lead out of its company.
    """
    writes, joins = not COMPANY_FIELDS.isdisjoint(values), KEY in values
    if not writes and not joins:
        return dict(values)
    company, account = _belongs_to(site, lead_id)
    wanted = values.get(KEY, company)
    moves = _folded(wanted) != _folded(company)
    if account is not None and (writes or moves):
        raise api_error("1021")
    if writes and (wanted is not None or company is not None):
        raise api_error("1021")
    if moves and wanted is None:
        raise api_error("1021")
    return {**values, **(values_of(site, wanted) if moves else {})}


def with_account(site: Subscription, values: Mapping[str, Any], *, before: Any) -> dict[str, Any]:
    """Return what the native sync writes into a person, with the values of another account than the one `before`.

    The name of the account comes with the person itself. Who leaves an account without another loses its values.
    """
    account = values.get(ACCOUNT, before)
    if account == before:
        return dict(values)
    inherited = dict.fromkeys(SHARED) if account is None else values_of(site, account)
    return {**inherited, **values}


def after_merge(site: Subscription, winner: sqlite3.Row, taken: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a merged lead takes over: the company fields of a company's member are never mixed with others."""
    links = [name for name in (ACCOUNT, KEY) if name in site.fields]
    if any(winner[name] is not None for name in links):
        return {name: value for name, value in taken.items() if name not in COMPANY_FIELDS and name not in links}
    joined = next((taken[name] for name in links if name in taken), None)
    return {**taken, **({} if joined is None else values_of(site, joined))}


def values_of(site: Subscription, external_id: Any) -> dict[str, Any]:
    """Return the shared values of a company by its external id, nothing when there is no such company."""
    row = site.database.row(
        f'SELECT {_COLUMNS} FROM companies WHERE "{KEY}" = ?',  # noqa: S608 - constant names
        (external_id,),
    )
    return {} if row is None else {name: row[name] for name in SHARED}


def spread(site: Subscription, company: sqlite3.Row, *, origin: Origin) -> None:
    """Write the values of a company into its people, a 13 for each value that changes.

    People of a Salesforce account get its name with their own record, from the native sync.
    """
    values = {name: company[name] for name in SHARED}
    for (lead_id,) in _members(site, company[KEY]):
        site.leads.update(lead_id, values, origin=origin)
    if ACCOUNT in site.fields:
        del values["company"]
        for (lead_id,) in site.database.rows(
            f'SELECT id FROM leads WHERE substr("{ACCOUNT}", 1, 15) = ? AND "{ACCOUNT}" IS NOT NULL ORDER BY id',  # noqa: S608
            (company[KEY][:15],),
        ):
            site.leads.update(lead_id, values, origin=origin)


def release(site: Subscription, external_id: str, *, origin: Origin) -> None:
    """Let the people of a deleted company go; they keep its values."""
    for (lead_id,) in _members(site, external_id):
        site.leads.update(lead_id, {KEY: None}, origin=origin)


def _members(site: Subscription, external_id: str) -> list[sqlite3.Row]:
    return site.database.rows(f'SELECT id FROM leads WHERE "{KEY}" = ? ORDER BY id', (external_id,))  # noqa: S608


def _belongs_to(site: Subscription, lead_id: int | None) -> tuple[str | None, str | None]:
    if lead_id is None:
        return None, None
    account = f'"{ACCOUNT}"' if ACCOUNT in site.fields else "NULL"
    row = site.database.row(f'SELECT "{KEY}", {account} FROM leads WHERE id = ?', (lead_id,))  # noqa: S608
    if row is None:
        raise LookupError(f"there is no lead {lead_id}")
    return row[0], row[1]


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
