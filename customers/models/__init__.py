"""The facts: what customers are, hold and use, and who stated it."""

from customers.models.account import Account, Contact
from customers.models.activity import Activity, ActivityStatement, Coverage, CoverageStatement
from customers.models.alias import Alias, LeftOutPerson
from customers.models.catalogue import CatalogueEpoch, Family, Sku, Workload
from customers.models.connection import Application, Connection, Pull, PulledPart, VendorRequest
from customers.models.customer import Customer, CustomerProfile, Person, Relationship
from customers.models.holding import Holding, SeenList, SeenSubscription, SkuTotal
from customers.models.journal import JournalEntry, LoadLines, LoadStep, RemovedBits
from customers.models.left_out import LeftOutSku
from customers.models.load import Load, LoadedFile, StaleDays
from customers.models.reported import Reported
from customers.models.service import SatisfactionResponse, SupportCase
from customers.models.subscription import EntitlementPeriod, Subscription, SubscriptionVersion
from customers.models.upload import TableColumns, Upload, UploadedFile

__all__ = [
    "Account",
    "Activity",
    "ActivityStatement",
    "Alias",
    "Application",
    "CatalogueEpoch",
    "Connection",
    "Contact",
    "Coverage",
    "CoverageStatement",
    "Customer",
    "CustomerProfile",
    "EntitlementPeriod",
    "Family",
    "Holding",
    "JournalEntry",
    "LeftOutPerson",
    "LeftOutSku",
    "Load",
    "LoadLines",
    "LoadStep",
    "LoadedFile",
    "Person",
    "Pull",
    "PulledPart",
    "Relationship",
    "RemovedBits",
    "Reported",
    "SatisfactionResponse",
    "SeenList",
    "SeenSubscription",
    "Sku",
    "SkuTotal",
    "StaleDays",
    "Subscription",
    "SubscriptionVersion",
    "SupportCase",
    "TableColumns",
    "Upload",
    "UploadedFile",
    "VendorRequest",
    "Workload",
]
