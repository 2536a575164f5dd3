"""Every model, by the file it lives in."""

from assay.records.decisions import Deal, Decision, Touch
from assay.records.imports import Import, ImportChange, Quarantine, Unlock
from assay.records.leads import Lead, Pass, Score
from assay.records.people import Company, Identity, Membership, Person
from assay.records.policies import PolicyKey, PolicyVersion
from assay.records.signals import PendingSignal, Signal, SignalState
from assay.records.sources import Campaign, Source, VisitCount
from assay.records.users import User

__all__ = [
    "Campaign",
    "Company",
    "Deal",
    "Decision",
    "Identity",
    "Import",
    "ImportChange",
    "Lead",
    "Membership",
    "Pass",
    "PendingSignal",
    "Person",
    "PolicyKey",
    "PolicyVersion",
    "Quarantine",
    "Score",
    "Signal",
    "SignalState",
    "Source",
    "Touch",
    "Unlock",
    "User",
    "VisitCount",
]
