"""Every model, by the file it lives in."""

from assay.records.backtests import Backtest
from assay.records.consents import Consent
from assay.records.crm import CrmCursor, CrmRecord
from assay.records.decisions import Deal, Decision, Touch
from assay.records.desk import Answer, Edit, SavedView
from assay.records.doors import IntakeCount, WriteKey
from assay.records.drafts import Draft
from assay.records.escalations import Escalation
from assay.records.forms import ConsentText, Form, FormRefusal, Submission
from assay.records.imports import Import, ImportChange, Quarantine, Unlock, Upload
from assay.records.leads import Lead, Pass, Score
from assay.records.learned import LearnedModel, Prediction
from assay.records.notifications import ChatAddress, Digest, Notification, NotificationPreference
from assay.records.outbox import OutboxAttempt, OutboxMessage
from assay.records.people import Company, Identity, Membership, Merge, Person
from assay.records.policies import PolicyComment, PolicyKey, PolicyVersion
from assay.records.privacy import ErasedIdentity, Erasure
from assay.records.reports import Delivery
from assay.records.routing import Absence, Offer, RoutingMember, RoutingRule
from assay.records.signals import Landed, PendingSignal, Signal, SignalState
from assay.records.sources import Campaign, Source, Spend, VisitCount
from assay.records.tokens import StoredAnswer, Token
from assay.records.users import User
from assay.records.webhooks import WebhookEndpoint
from assay.records.words import LeadText

__all__ = [
    "Absence",
    "Answer",
    "Backtest",
    "Campaign",
    "ChatAddress",
    "Company",
    "Consent",
    "ConsentText",
    "CrmCursor",
    "CrmRecord",
    "Deal",
    "Decision",
    "Delivery",
    "Digest",
    "Draft",
    "Edit",
    "ErasedIdentity",
    "Erasure",
    "Escalation",
    "Form",
    "FormRefusal",
    "Identity",
    "Import",
    "ImportChange",
    "IntakeCount",
    "Landed",
    "Lead",
    "LeadText",
    "LearnedModel",
    "Membership",
    "Merge",
    "Notification",
    "NotificationPreference",
    "Offer",
    "OutboxAttempt",
    "OutboxMessage",
    "Pass",
    "PendingSignal",
    "Person",
    "PolicyComment",
    "PolicyKey",
    "PolicyVersion",
    "Prediction",
    "Quarantine",
    "RoutingMember",
    "RoutingRule",
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
    "WebhookEndpoint",
    "WriteKey",
]
