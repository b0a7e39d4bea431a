"""The facts: what customers are, hold and use, and who stated it."""

from customers.models.account import Account, Contact
from customers.models.activity import Activity, ActivityStatement, Coverage, CoverageStatement
from customers.models.catalogue import CatalogueEpoch, Family, Sku, Workload
from customers.models.customer import Customer, CustomerProfile, Person, Relationship
from customers.models.load import Load, LoadedFile, StaleDays
from customers.models.service import SatisfactionResponse, SupportCase
from customers.models.subscription import EntitlementPeriod, Subscription, SubscriptionVersion

__all__ = [
    "Account",
    "Activity",
    "ActivityStatement",
    "CatalogueEpoch",
    "Contact",
    "Coverage",
    "CoverageStatement",
    "Customer",
    "CustomerProfile",
    "EntitlementPeriod",
    "Family",
    "Load",
    "LoadedFile",
    "Person",
    "Relationship",
    "SatisfactionResponse",
    "Sku",
    "StaleDays",
    "Subscription",
    "SubscriptionVersion",
    "SupportCase",
    "Workload",
]
