"""One simulated Marketo subscription: everything that endpoints work with, in one place."""

from __future__ import annotations

from actionsync_simulators.clock import Clock
from actionsync_simulators.faults import FaultPlan
from actionsync_simulators.journal import Journal
from actionsync_simulators.marketo.activities.record import ActivityRecorder
from actionsync_simulators.marketo.activities.types import TypeCatalogue
from actionsync_simulators.marketo.assets.seeding import install_system_folders
from actionsync_simulators.marketo.bulk.extract_jobs import ExportJobs
from actionsync_simulators.marketo.bulk.import_jobs import ImportJobs
from actionsync_simulators.marketo.campaigns.runs import CampaignRuns
from actionsync_simulators.marketo.custom_activities.store import CustomTypes
from actionsync_simulators.marketo.dated_changes import DatedChanges
from actionsync_simulators.marketo.fields import catalogue as lead_fields
from actionsync_simulators.marketo.fields.custom import custom_fields
from actionsync_simulators.marketo.gateway.envelope import RequestIds
from actionsync_simulators.marketo.gateway.identity import Identity
from actionsync_simulators.marketo.gateway.paging import PagingTokens
from actionsync_simulators.marketo.gateway.quota import Quota
from actionsync_simulators.marketo.gateway.times import wire
from actionsync_simulators.marketo.leads.rows import LeadRows
from actionsync_simulators.marketo.programs.seeding import install_channels
from actionsync_simulators.marketo.smart_lists.store import SmartLists
from actionsync_simulators.marketo.state import open_database
from actionsync_simulators.marketo.switches import MarketoSwitches


class Subscription:
    """State, rules and services of one subscription."""

    def __init__(
        self,
        *,
        clock: Clock,
        seed: int,
        switches: MarketoSwitches,
        adobe_actions: bool,
        identity: Identity,
        quota: Quota,
    ) -> None:
        self.clock = clock
        self.seed = seed
        self.switches = switches
        self.adobe_actions = adobe_actions
        self.identity = identity
        self.quota = quota
        self.faults = FaultPlan()
        self.journal = Journal()
        self.request_ids = RequestIds()
        self.paging = PagingTokens(clock, seed=seed, life=switches.paging_token_life)
        self.standard_fields = lead_fields.standard_fields(switches)
        self.database = open_database(self.standard_fields)
        self.types = TypeCatalogue(self.database)
        self.types.install(adobe_actions=adobe_actions)
        self.custom_types = CustomTypes(self.database)
        self.recorder = ActivityRecorder(self.database, clock, seed=seed, switches=switches)
        self.fields = lead_fields.FieldCatalogue(self.standard_fields)
        self.leads = LeadRows(self)
        self.exports = ExportJobs(self)
        self.imports = ImportJobs(self)
        self.smart_lists = SmartLists(self)
        self.campaign_runs = CampaignRuns(self)
        self.dated_changes = DatedChanges(clock, switches)
        with self.database.transaction():
            self.database.executemany(
                "INSERT INTO partitions VALUES (?, ?, ?)",
                [
                    (number, name, "Initial system lead partition" if number == 1 else None)
                    for number, name in enumerate(switches.partitions, start=1)
                ],
            )
            at = wire(clock.now())
            install_system_folders(self.database, at=at)
            install_channels(self.database, at=at)
        self.refresh()

    def refresh(self) -> None:
        """Build anew what is derived from the rows, after they have been replaced or fields were added."""
        self.fields = lead_fields.FieldCatalogue([*self.standard_fields, *custom_fields(self.database)])
        self.types.refresh()
        self.custom_types.refresh()
        self.leads.refresh()
