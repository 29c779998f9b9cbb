"""All commands, one module per noun."""

import click

from assetmgr import __version__
from assetmgr.cli import assets, imports, plans, register, schedule
from assetmgr.cli.session import json_option, shared_options
from assetmgr.cli.words import _


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help=_("Asset register and maintenance planner for municipalities."),
)
@click.version_option(__version__, prog_name="assetmgr", help=_("Show the version and exit."))
@shared_options
@json_option
def program() -> None:
    """The `assetmgr` command."""


for command in (
    register.init,
    register.demo,
    register.serve,
    register.user,
    assets.types,
    assets.assets,
    assets.inspections,
    assets.history,
    imports.import_,
    plans.plan,
    schedule.schedule,
):
    program.add_command(command)
