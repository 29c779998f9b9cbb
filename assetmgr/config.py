"""Settings from the environment, and where things are when nothing is said."""

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 8127
DEFAULT_HOST = "127.0.0.1"
DATABASE_VARIABLE = "ASSETMGR_DATABASE_URL"


def default_database_url() -> str:
    """SQLite in the user's own data folder."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return f"sqlite:///{Path(base) / 'assetmgr' / 'register.sqlite'}"


def database_url(given: str | None = None) -> str:
    """What was said on the command line, else in the environment, else the default. A bare path means SQLite."""
    url = given or os.environ.get(DATABASE_VARIABLE) or default_database_url()
    if "://" not in url:
        url = f"sqlite:///{Path(url).absolute()}"
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    return url


@dataclass(frozen=True)
class Settings:
    """What the service needs to know beside its database."""

    database_url: str
    sandbox: str = "auto"

    @staticmethod
    def from_environment(database: str | None = None) -> "Settings":
        """Read once, at the start of a process."""
        return Settings(database_url=database_url(database), sandbox=os.environ.get("ASSETMGR_SANDBOX", "auto"))
