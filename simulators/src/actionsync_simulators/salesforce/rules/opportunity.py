"""Opportunities follow their stage; accounts with won opportunities stay."""

from __future__ import annotations

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.rules.object_rules import ObjectRules
from actionsync_simulators.salesforce.schema.opportunity import STAGES
from actionsync_simulators.salesforce.state import Org, Row

_UNKNOWN_STAGE = (0.0, "Pipeline", False, False)


class OpportunityRules(ObjectRules):
    """Probability, forecast category, closed and won come from the stage."""

    def before_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Derive what the stage decides; a probability given by the caller stands."""
        probability, category, closed, won = STAGES.get(row["StageName"], _UNKNOWN_STAGE)
        stage_changed = old is None or old["StageName"] != row["StageName"]
        given = row["Probability"] is not None and (old is None or old["Probability"] != row["Probability"])
        if stage_changed and not given:
            row["Probability"] = probability
        row["ForecastCategory"] = category
        row["IsClosed"], row["IsWon"] = int(closed), int(won)


class AccountRules(ObjectRules):
    """An account with won opportunities cannot be deleted."""

    def before_delete(self, org: Org, row: Row) -> None:
        """Refuse while a won opportunity hangs on the account."""
        won = org.database.value(
            'SELECT count(*) FROM "Opportunity" WHERE AccountId = ? AND IsWon = 1 AND IsDeleted = 0', (row["Id"],)
        )
        if won:
            raise api_error(
                "DELETE_FAILED",
                f"Your attempt to delete {row['Name']} could not be completed because some opportunities in"
                " the account(s) were closed won.",
                fields=(),
            )
