"""The jobs that run by the calendar."""

from dataclasses import asdict

import click

from assetmgr.cli.assets import table
from assetmgr.cli.session import json_option, session, shared_options
from assetmgr.cli.words import _, language


@click.group("schedule", help=_("Jobs that run by the calendar."))
@shared_options
def schedule() -> None:
    """The schedule."""


@schedule.command("list", help=_("What runs when, and how it went last."))
@shared_options
@json_option
def list_() -> None:
    """Every job of the schedule."""
    from assetmgr.services import schedule as service
    from assetmgr.store.access import require
    from assetmgr.store.writing import reading, utc_now

    run = session()
    require(run.actor, "job.read")
    with reading(run.engine) as connection:
        rows = service.listing(connection, run.actor, utc_now())
    label = "label_en" if language() == "en" else "label_sv"
    run.answer(
        [asdict(row) for row in rows],
        lambda: table(
            [(row.name, getattr(row, label), row.next_run_at, row.last_run_at, row.last_status) for row in rows]
        ),
    )


@schedule.command("run", help=_("Run a job of the schedule now."))
@click.argument("name")
@shared_options
@json_option
def run_(name: str) -> None:
    """Do the job in this process."""
    from assetmgr.services import schedule as service

    run = session()
    outcome = service.run(run.engine, run.actor, name)
    run.answer(asdict(outcome), _("Done: %(name)s.", name=name))
