"""`actionsync reminders`: reminder tasks, which meet Salesforce Tasks where the settings say so."""

from __future__ import annotations

from typing import Annotated

import typer
from actionsync.v1 import reminder_tasks_pb2 as contract
from google.protobuf.field_mask_pb2 import FieldMask

from actionsync_client.cli.output import Column, JsonOption, coloured, enum_name, print_fields, print_json, print_table
from actionsync_client.cli.running import run
from actionsync_client.client import Client

app = typer.Typer(no_args_is_help=True, help="Reminder tasks of sellers.")

Task = contract.ReminderTask
ReminderId = Annotated[str, typer.Argument(metavar="ID", help="The reminder's id.")]
_KINDS = {"email": Task.KIND_EMAIL, "call": Task.KIND_CALL, "inmail": Task.KIND_IN_MAIL, "custom": Task.KIND_CUSTOM}
_LARGEST_PAGE = 1000


@app.command(name="list")
def list_reminders(
    user: Annotated[str, typer.Option(help="Only of this seller.")] = "",
    person: Annotated[str, typer.Option(help="Only about this person.")] = "",
    completed: Annotated[bool, typer.Option("--completed", help="Those that are done, instead of open ones.")] = False,
    due_soon: Annotated[bool, typer.Option("--due-soon", help="Only those due today or tomorrow.")] = False,
    json: JsonOption = False,
) -> None:
    """List reminders by due date."""

    async def command(client: Client) -> None:
        request = contract.ListReminderTasksRequest(
            user_id=user,
            person_id=person,
            state=Task.STATE_COMPLETED if completed else Task.STATE_OPEN,
            due_soon=due_soon,
            page_size=_LARGEST_PAGE,
        )
        found = [one async for one in client.pages(client.reminders.ListReminderTasks, request)]
        if json:
            print_json(found)
            return
        print_table(
            (
                Column("id", whole=True),
                "name",
                Column("due", whole=True),
                "priority",
                "kind",
                "seller",
                Column("person", whole=True, optional=True),
                Column("Salesforce", whole=True, optional=True),
                "delivery",
            ),
            [
                (
                    one.reminder_task_id,
                    one.name,
                    one.due_date,
                    coloured("high", "red") if one.priority == Task.PRIORITY_HIGH else "normal",
                    enum_name(one, "kind"),
                    one.user_id,
                    one.person_id,
                    one.salesforce_task_id,
                    enum_name(one.delivery, "state") if one.HasField("delivery") else "",
                )
                for one in found
            ],
            nothing="none",
        )

    run(command)


@app.command()
def get(reminder_id: ReminderId, json: JsonOption = False) -> None:
    """Show one reminder."""

    async def command(client: Client) -> None:
        request = contract.GetReminderTaskRequest(reminder_task_id=reminder_id)
        _show((await client.reminders.GetReminderTask(request)).reminder_task, json=json)

    run(command)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What is to be done.")],
    user: Annotated[str, typer.Option(help="The seller.")],
    person: Annotated[str, typer.Option(help="Whom it is about.")] = "",
    kind: Annotated[str, typer.Option(help="email, call, inmail or custom.")] = "custom",
    due: Annotated[str, typer.Option(help="Due date, YYYY-MM-DD.")] = "",
    details: Annotated[str, typer.Option(help="Details.")] = "",
    high: Annotated[bool, typer.Option("--high", help="With high priority.")] = False,
    json: JsonOption = False,
) -> None:
    """Make a reminder."""
    if kind.lower() not in _KINDS:
        raise typer.BadParameter(f"is one of {', '.join(_KINDS)}", param_hint="--kind")
    wanted = Task(
        user_id=user,
        person_id=person,
        kind=_KINDS[kind.lower()],
        name=name,
        details=details,
        due_date=due,
        priority=Task.PRIORITY_HIGH if high else Task.PRIORITY_NORMAL,
    )

    async def command(client: Client) -> None:
        request = contract.CreateReminderTaskRequest(reminder_task=wanted)
        _show((await client.reminders.CreateReminderTask(request)).reminder_task, json=json)

    run(command)


@app.command()
def edit(
    reminder_id: ReminderId,
    name: Annotated[str | None, typer.Option(help="A new name.")] = None,
    due: Annotated[str | None, typer.Option(help="A new due date, YYYY-MM-DD, or empty.")] = None,
    details: Annotated[str | None, typer.Option(help="New details.")] = None,
    high: Annotated[bool | None, typer.Option("--high/--normal", help="A new priority.")] = None,
    json: JsonOption = False,
) -> None:
    """Change a reminder; what is not named stays."""
    values = {"name": name, "due_date": due, "details": details}
    if high is not None:
        values["priority"] = Task.PRIORITY_HIGH if high else Task.PRIORITY_NORMAL  # type: ignore[assignment]
    given = {field: value for field, value in values.items() if value is not None}
    if not given:
        raise typer.BadParameter("name what is to change", param_hint="--name, --due, --details, --high")
    wanted = Task(reminder_task_id=reminder_id, **given)  # type: ignore[arg-type]

    async def command(client: Client) -> None:
        request = contract.UpdateReminderTaskRequest(reminder_task=wanted, update_mask=FieldMask(paths=list(given)))
        _show((await client.reminders.UpdateReminderTask(request)).reminder_task, json=json)

    run(command)


@app.command()
def done(reminder_id: ReminderId, json: JsonOption = False) -> None:
    """Mark a reminder as done."""

    async def command(client: Client) -> None:
        request = contract.CompleteReminderTaskRequest(reminder_task_id=reminder_id)
        _show((await client.reminders.CompleteReminderTask(request)).reminder_task, json=json)

    run(command)


@app.command()
def reopen(reminder_id: ReminderId, json: JsonOption = False) -> None:
    """Open a reminder again that was done."""

    async def command(client: Client) -> None:
        request = contract.ReopenReminderTaskRequest(reminder_task_id=reminder_id)
        _show((await client.reminders.ReopenReminderTask(request)).reminder_task, json=json)

    run(command)


@app.command()
def delete(reminder_id: ReminderId, json: JsonOption = False) -> None:
    """Delete a reminder, and its Salesforce Task while the sync is on."""

    async def command(client: Client) -> None:
        request = contract.DeleteReminderTaskRequest(reminder_task_id=reminder_id)
        answer = await client.reminders.DeleteReminderTask(request)
        if json:
            print_json(answer)
        else:
            typer.echo("deleted")

    run(command)


def _show(task: contract.ReminderTask, *, json: bool) -> None:
    if json:
        print_json(task)
    else:
        print_fields(task, without=("delivery", "etag"))
