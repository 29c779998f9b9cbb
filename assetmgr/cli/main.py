"""Running the command line, and turning whatever stops it into one clear message."""

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from assetmgr.cli import words
from assetmgr.errors import AssetmgrError, UsageError

DONE, REFUSED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The `assetmgr` command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    words.choose(given)
    try:
        status = _run(given)
    except BrokenPipeError:
        # The reader of our output has gone; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = DONE
    sys.exit(status)


def _run(given: list[str]) -> int:
    from assetmgr.cli.commands import program  # declared in the language that was just chosen

    try:
        result = program.main(given, prog_name="assetmgr", standalone_mode=False)
    except click.UsageError as error:
        error.show(sys.stderr)
        return WRONG_USAGE
    except click.exceptions.Exit as stop:
        return int(stop.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        return _refused(error, given)
    return int(result or DONE)


def _refused(error: Exception, given: Sequence[str]) -> int:
    from assetmgr.cli.session import print_json
    from assetmgr.messages import message

    code, details = _reason(error, given)
    text = message(code, details, words.language())
    if "--json" in given:
        print_json({"error": {"code": code, "message": text, **{name: _plain(v) for name, v in details.items()}}})
    click.echo(text, err=True)
    return WRONG_USAGE if isinstance(error, UsageError) else REFUSED


def _reason(error: Exception, given: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Code and values of what stopped a command; what nobody foresaw is logged and owned up to."""
    from geodata.errors import LayerError
    from planner.errors import PlannerInputError

    if isinstance(error, (AssetmgrError, LayerError, PlannerInputError)):
        return error.code, dict(error.details)
    return _unforeseen(error, given)


def _unforeseen(error: Exception, given: Sequence[str]) -> tuple[str, dict[str, Any]]:
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, DBAPIError):
        text = str(error.orig)
        if "locked" in text:
            return "database_busy", {"path": _database(given)}
        return "database_unreachable", {
            "path": _database(given),
            "reason": text.partition("\n")[0] or type(error.orig).__name__,
        }
    from assetmgr import logs

    logs.set_up()
    logs.get("assetmgr.cli").error("command_failed", exc_info=error)
    return "internal", {"request_id": type(error).__name__}


def _database(given: Sequence[str]) -> str:
    """The database that the command line or the environment names, without its password."""
    from sqlalchemy.engine import make_url

    from assetmgr.config import Settings

    named = None
    for place, argument in enumerate(given):
        if argument == "--database" and place + 1 < len(given):
            named = given[place + 1]
        elif argument.startswith("--database="):
            named = argument.removeprefix("--database=")
    url = make_url(Settings.from_environment(named).database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return str(url.database) if is_file else url.render_as_string(hide_password=True)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, (tuple, set, frozenset)) else value
