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
    sys.exit(_run(given))


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
        # The reader of our output has gone; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        return _refused(error, as_json="--json" in given)
    return int(result or DONE)


def _refused(error: Exception, as_json: bool) -> int:
    from assetmgr.cli.session import print_json
    from assetmgr.messages import message

    code, details = _reason(error)
    text = message(code, details, words.language())
    if as_json:
        print_json({"error": {"code": code, "message": text, **{name: _plain(v) for name, v in details.items()}}})
    click.echo(text, err=True)
    return WRONG_USAGE if isinstance(error, UsageError) else REFUSED


def _reason(error: Exception) -> tuple[str, dict[str, Any]]:
    """Code and values of what stopped a command; what nobody foresaw is logged and owned up to."""
    from geodata.errors import LayerError
    from planner.errors import PlannerInputError

    if isinstance(error, (AssetmgrError, LayerError, PlannerInputError)):
        return error.code, dict(error.details)
    return _unforeseen(error)


def _unforeseen(error: Exception) -> tuple[str, dict[str, Any]]:
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, DBAPIError):
        text = str(error.orig)
        code = "database_busy" if "locked" in text else "database_unreachable"
        return code, {"path": "–", "reason": text.splitlines()[0] if text else type(error.orig).__name__}
    from assetmgr import logs

    logs.set_up()
    logs.get("assetmgr.cli").error("command_failed", exc_info=error)
    return "internal", {"request_id": type(error).__name__}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, (tuple, set, frozenset)) else value
