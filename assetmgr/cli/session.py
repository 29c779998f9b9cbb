"""What every command shares: where the register is, who acts, and how the answer is printed."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assetmgr.cli.words import LANGUAGES, _, language
from assetmgr.config import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assetmgr.store.access import Actor
    from assetmgr.store.registers import RegisterInfo
    from assetmgr.store.writing import Occasion

_KEPT = "assetmgr."
Command = TypeVar("Command", bound=Callable[..., Any])


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Remember an option that may stand before the command or after it; the later one holds."""
    if value not in (None, False):
        context.meta[_KEPT + str(parameter.name)] = value
    return value


def shared_options(command: Command) -> Command:
    """The options that every command takes, before it or after it."""
    for option in (
        click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, callback=_keep, help=_("Language.")),
        click.option(
            "--as", "as_user", metavar="USER", expose_value=False, callback=_keep, help=_("Act as this user.")
        ),
        click.option(
            "--database",
            metavar="URL",
            expose_value=False,
            callback=_keep,
            help=_("The register's database: a file path or an address. Also ASSETMGR_DATABASE_URL."),
        ),
    ):
        command = option(command)
    return command


def json_option(command: Command) -> Command:
    """`--json`: the answer as JSON alone on standard output."""
    option = click.option(
        "--json", "as_json", is_flag=True, expose_value=False, callback=_keep, help=_("Answer as JSON.")
    )
    return option(command)


@dataclass(frozen=True)
class Session:
    """One run of the command line."""

    context: click.Context

    def _option(self, name: str) -> Any:
        return self.context.meta.get(_KEPT + name)

    @property
    def as_json(self) -> bool:
        """Whether the answer is to be JSON."""
        return bool(self._option("as_json"))

    @cached_property
    def settings(self) -> Settings:
        """Settings with the database that was named."""
        return Settings.from_environment(self._option("database"))

    def new_engine(self) -> "Engine":
        """A connection to a database that need not exist yet."""
        from assetmgr.store.engine import open_engine  # slow to load

        return open_engine(self.settings.database_url, create=True)

    @cached_property
    def engine(self) -> "Engine":
        """A connection to a register of this program's own schema."""
        from assetmgr.errors import DatabaseUnusable
        from assetmgr.store import schema
        from assetmgr.store.engine import open_engine, shown_location

        engine = open_engine(self.settings.database_url)
        found = schema.check_usable(engine)
        if found != schema.newest_revision():
            raise DatabaseUnusable(
                "schema_older", path=shown_location(engine), found=found, known=schema.newest_revision()
            )
        return engine

    @cached_property
    def register(self) -> "RegisterInfo":
        """The register and its municipality."""
        from assetmgr.store import registers
        from assetmgr.store.writing import reading

        with reading(self.engine) as connection:
            return registers.info(connection)

    @cached_property
    def actor(self) -> "Actor":
        """Who acts: the user that was named, else whoever can open the database."""
        from assetmgr.store import people
        from assetmgr.store.access import operator
        from assetmgr.store.writing import reading

        name = self._option("as_user")
        if name is None:
            return operator(self.register.municipality_id)
        with reading(self.engine) as connection:
            return people.actor_named(connection, self.register.municipality_id, name)

    def occasion(self, reason: str = "") -> "Occasion":
        """Why this command writes."""
        from assetmgr.store.writing import Occasion

        return Occasion("cli", reason)

    def answer(self, data: Any, text: str | Callable[[], str]) -> None:
        """Print the answer: the data as JSON, or the text."""
        if self.as_json:
            print_json(data)
        else:
            click.echo(text() if callable(text) else text)


def print_json(data: Any) -> None:
    """JSON alone on standard output."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2, default=_plain)
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def session() -> Session:
    """The session of the command that runs."""
    context = click.get_current_context()
    found = context.meta.get(_KEPT + "session")
    if found is None:
        found = context.meta[_KEPT + "session"] = Session(context)
    return found


__all__ = ["Session", "json_option", "language", "print_json", "session", "shared_options"]
