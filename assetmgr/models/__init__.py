"""Tables. Importing this module registers them all on `metadata`."""

from sqlmodel import SQLModel

from assetmgr.models.assets import Asset, Delivery, Inspection
from assetmgr.models.history import ChangeRow, ChangeTransaction, PersonalValue
from assetmgr.models.imports import ImportProfile, ImportRun
from assetmgr.models.jobs import Job, Lease, ScheduledJob
from assetmgr.models.people import SignInAttempt, User, UserRole, UserSession
from assetmgr.models.plans import Plan, PlannedAction
from assetmgr.models.register import Municipality, ReferenceOverride, Register

metadata = SQLModel.metadata

__all__ = [
    "Asset",
    "ChangeRow",
    "ChangeTransaction",
    "Delivery",
    "ImportProfile",
    "ImportRun",
    "Inspection",
    "Job",
    "Lease",
    "Municipality",
    "PersonalValue",
    "Plan",
    "PlannedAction",
    "ReferenceOverride",
    "Register",
    "ScheduledJob",
    "SignInAttempt",
    "User",
    "UserRole",
    "UserSession",
    "metadata",
]
