"""Making a register, filling it for demonstration, serving it, and letting people in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assetmgr.cli.session import Session, json_option, session, shared_options
from assetmgr.cli.words import _
from assetmgr.config import DEFAULT_HOST, DEFAULT_PORT

if TYPE_CHECKING:
    from sqlalchemy import Engine


@click.command("init", help=_("Make an empty register."))
@click.option("--municipality", metavar="CODE", help=_("Municipality code of four figures, for example 0127."))
@click.option(
    "--crs", "crs_text", metavar="EPSG", default="3006", show_default=True, help=_("The register's coordinate system.")
)
@shared_options
@json_option
def init(municipality: str | None, crs_text: str) -> None:
    """Make a register; an existing one is left untouched."""
    from assetmgr.services import registers

    run = session()
    with new_database(run) as engine:
        made = registers.create(engine, municipality_code=municipality, crs_epsg=epsg_number(crs_text))
    run.answer(
        {"municipality": made.code, "name": made.name, "crs": f"EPSG:{made.crs_epsg}"},
        lambda: _(
            "Made a register for %(name)s in EPSG:%(crs)s at %(url)s.",
            name=made.name,
            crs=made.crs_epsg,
            url=run.settings.database_url,
        ),
    )


def epsg_number(text: str) -> int:
    """The number of "3006" or "EPSG:3006"."""
    from assetmgr.errors import AssetmgrError

    digits = text.upper().removeprefix("EPSG:").strip()
    if not digits.isdecimal():
        raise AssetmgrError("crs_unknown", crs=text)
    return int(digits)


@contextmanager
def new_database(run: Session) -> Iterator["Engine"]:
    """A database to make a register in; a file that this run made is taken away again if nothing came of it."""
    from sqlalchemy.engine import make_url

    url = make_url(run.settings.database_url) if "://" in run.settings.database_url else None
    path = Path(url.database) if url is not None and url.get_backend_name() == "sqlite" and url.database else None
    is_new = path is not None and not path.exists()
    engine = run.new_engine()
    try:
        yield engine
    except BaseException:
        engine.dispose()
        if is_new and path is not None:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        raise


@click.command("demo", help=_("Make a register with made-up data, and serve it."))
@click.option("--no-serve", is_flag=True, help=_("Only make it."))
@click.option("--host", default=DEFAULT_HOST, show_default=True, help=_("The address to listen on."))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help=_("The port to listen on.")
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help=_("The day it is made for."))
@shared_options
@json_option
def demo(no_serve: bool, host: str, port: int, as_of: datetime | None) -> None:
    """Fill an empty database with the demonstration municipality."""
    from assetmgr.services import demo as demonstration

    run = session()
    chosen: date | None = as_of.date() if as_of is not None else None
    if not no_serve:
        _check_port(host, port)
    with new_database(run) as engine:
        made = demonstration.create(engine, chosen)
    folder = _beside(run)
    workbook = demonstration.export_next_year(engine, made, folder)
    engine.dispose()
    run.answer(made.as_data(workbook), lambda: _welcome(made, workbook, run))
    if not no_serve:
        _serve(run, host, port)


def _beside(run: Session) -> Path:
    """The folder where the demonstration's workbook is put: beside the database, else where one stands."""
    from sqlalchemy.engine import make_url

    url = make_url(run.settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).absolute().parent
    return Path.cwd()


def _check_port(host: str, port: int) -> None:
    """A taken port is said before two minutes of work, not after."""
    from assetmgr.supervisor import open_socket

    open_socket(host, port).close()


def _welcome(made: "object", workbook: Path, run: Session) -> str:
    from assetmgr.services.demo import Demonstrated

    assert isinstance(made, Demonstrated)
    lines = [
        _(
            "Made-up data for %(name)s, as of %(day)s: %(assets)s assets.",
            name=made.municipality,
            day=made.as_of,
            assets=made.assets,
        ),
        _("Database: %(url)s", url=run.settings.database_url),
        _("Plan: %(name)s", name=made.plan),
        _("Next year's measures: %(file)s", file=workbook),
        _("Sign in as (name, password):"),
        *(f"  {name:<16} {password}" for name, password in made.passwords.items()),
    ]
    return "\n".join(lines)


@click.command("serve", help=_("Start the service."))
@click.option("--host", default=DEFAULT_HOST, show_default=True, help=_("The address to listen on."))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help=_("The port to listen on.")
)
@shared_options
def serve(host: str, port: int) -> None:
    """Serve pages, run jobs and keep the schedule until stopped."""
    _serve(session(), host, port)


def _serve(run: Session, host: str, port: int) -> None:
    from assetmgr import logs, supervisor
    from assetmgr.store import schema
    from assetmgr.store.engine import open_engine

    logs.set_up()
    engine = open_engine(run.settings.database_url)
    schema.check_usable(engine)
    engine.dispose()
    supervisor.serve(
        run.settings,
        host,
        port,
        announce=lambda address: click.echo(_("The service answers at %(address)s", address=address), err=run.as_json),
    )


@click.group("user", help=_("People who sign in."))
@shared_options
def user() -> None:
    """Users."""


@user.command("add", help=_("Add a user; the password is made here and shown once."))
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar="ROLE",
    help=_("What the user may do; may be given several times."),
)
@shared_options
@json_option
def add(name: str, roles: tuple[str, ...]) -> None:
    """Add a user with one or more roles."""
    from assetmgr.errors import UsageError
    from assetmgr.services import people
    from assetmgr.store.access import ROLES
    from assetmgr.store.writing import writing

    for role in roles:
        if role not in ROLES:
            raise UsageError("role_unknown", role=role, roles=list(ROLES))
    run = session()
    with writing(run.engine, run.actor, run.occasion()) as work:
        password = people.add_user(work, name, list(roles))
    run.answer(
        {"name": name, "roles": list(roles), "password": password},
        lambda: _("Added %(name)s. Password, shown only now: %(password)s", name=name, password=password),
    )
