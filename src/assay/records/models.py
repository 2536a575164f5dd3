"""Every model, by the file it lives in."""

from assay.records.consents import Consent
from assay.records.decisions import Deal, Decision, Touch
from assay.records.desk import Answer, Edit, SavedView
from assay.records.doors import IntakeCount, WriteKey
from assay.records.drafts import Draft
from assay.records.forms import ConsentText, Form, FormRefusal, Submission
from assay.records.imports import Import, ImportChange, Quarantine, Unlock, Upload
from assay.records.leads import Lead, Pass, Score
from assay.records.people import Company, Identity, Membership, Merge, Person
from assay.records.policies import PolicyComment, PolicyKey, PolicyVersion
from assay.records.privacy import ErasedIdentity, Erasure
from assay.records.reports import Delivery
from assay.records.signals import PendingSignal, Signal, SignalState
from assay.records.sources import Campaign, Source, Spend, VisitCount
from assay.records.tokens import StoredAnswer, Token
from assay.records.users import User
from assay.records.words import LeadText

__all__ = [
    "Answer",
    "Campaign",
    "Company",
    "Consent",
    "ConsentText",
    "Deal",
    "Decision",
    "Delivery",
    "Draft",
    "Edit",
    "ErasedIdentity",
    "Erasure",
    "Form",
    "FormRefusal",
    "Identity",
    "Import",
    "ImportChange",
    "IntakeCount",
    "Lead",
    "LeadText",
    "Membership",
    "Merge",
    "Pass",
    "PendingSignal",
    "Person",
    "PolicyComment",
    "PolicyKey",
    "PolicyVersion",
    "Quarantine",
    "SavedView",
    "Score",
    "Signal",
    "SignalState",
    "Source",
    "Spend",
    "StoredAnswer",
    "Submission",
    "Token",
    "Touch",
    "Unlock",
    "Upload",
    "User",
    "VisitCount",
    "WriteKey",
]
