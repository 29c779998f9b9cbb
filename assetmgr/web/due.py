"""What falls due, worked out once for each state of the register and set of roles, since it looks at every asset."""

from collections.abc import Sequence
from typing import cast

from assetmgr.services import falling_due
from assetmgr.services.falling_due import DueRow
from assetmgr.store import history
from assetmgr.web.service import actor, connection, service, today

MOST_REMEMBERED = 16


def due_now() -> Sequence[DueRow]:
    """What is overdue or falls due within the days that a check takes to arrange, where the reader may know of it."""
    reader, remembered = actor(), service().remembered
    state = (reader.municipality_id, reader.roles, today(), history.latest_number(connection(), reader))
    if state not in remembered:
        found = falling_due.listing(connection(), reader, today(), falling_due.CHECK_DAYS)
        if len(remembered) >= MOST_REMEMBERED:
            remembered.clear()
        remembered[state] = found
        return found
    return cast(Sequence[DueRow], remembered[state])
