"""The tables as Core sees them: bulk reads and writes go round the ORM, but not round the policy or the change
records.
"""

from typing import cast

from sqlalchemy import Table

from assetmgr import models


def _table(model: type) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


asset = _table(models.Asset)
delivery = _table(models.Delivery)
inspection = _table(models.Inspection)
import_run = _table(models.ImportRun)
import_profile = _table(models.ImportProfile)
change_transaction = _table(models.ChangeTransaction)
change_row = _table(models.ChangeRow)
personal_value = _table(models.PersonalValue)
plan = _table(models.Plan)
planned_action = _table(models.PlannedAction)
job = _table(models.Job)
scheduled_job = _table(models.ScheduledJob)
lease = _table(models.Lease)
register = _table(models.Register)
municipality = _table(models.Municipality)
reference_override = _table(models.ReferenceOverride)
user = _table(models.User)
user_role = _table(models.UserRole)
user_session = _table(models.UserSession)
sign_in_attempt = _table(models.SignInAttempt)
