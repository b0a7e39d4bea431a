"""The forty SKUs of the generated data set: what they contain and how often they are sold."""

from __future__ import annotations

from typing import NamedTuple


class SoldSku(NamedTuple):
    """One SKU: part number, family code, workload codes, and its weight among subscriptions."""

    part_number: str
    family: str
    workloads: tuple[str, ...]
    weight: float


SUITE = ("EXO", "SPO", "TEAMS", "YAM")
SKUS = (
    SoldSku("BUSINESS_BASIC", "o365", SUITE, 12),
    SoldSku("BUSINESS_STANDARD", "o365", (*SUITE, "PROPLUS"), 14),
    SoldSku("BUSINESS_PREMIUM", "o365", (*SUITE, "PROPLUS"), 12),
    SoldSku("OFFICE_E1", "o365", SUITE, 5),
    SoldSku("OFFICE_E3", "o365", (*SUITE, "PROPLUS"), 8),
    SoldSku("OFFICE_E5", "o365", (*SUITE, "PROPLUS", "SFB"), 3),
    SoldSku("MICROSOFT_E3", "o365", (*SUITE, "PROPLUS"), 6),
    SoldSku("MICROSOFT_E5", "o365", (*SUITE, "PROPLUS", "SFB"), 4),
    SoldSku("MICROSOFT_F1", "o365", ("SPO", "TEAMS", "YAM"), 2),
    SoldSku("MICROSOFT_F3", "o365", SUITE, 3),
    SoldSku("OFFICE_F3", "o365", SUITE, 2),
    SoldSku("OFFICE_A1", "o365", (*SUITE, "SFB"), 1),
    SoldSku("OFFICE_A3", "o365", (*SUITE, "PROPLUS"), 1),
    SoldSku("OFFICE_A5", "o365", (*SUITE, "PROPLUS", "SFB"), 0.5),
    SoldSku("EXCHANGE_KIOSK", "o365", ("EXO",), 2),
    SoldSku("EXCHANGE_PLAN_1", "o365", ("EXO",), 7),
    SoldSku("EXCHANGE_PLAN_2", "o365", ("EXO",), 3),
    SoldSku("SHAREPOINT_PLAN_1", "o365", ("SPO",), 2),
    SoldSku("SHAREPOINT_PLAN_2", "o365", ("SPO",), 1),
    SoldSku("ONEDRIVE_PLAN_2", "o365", ("SPO",), 1),
    SoldSku("TEAMS_ESSENTIALS", "o365", ("TEAMS",), 2),
    SoldSku("TEAMS_ENTERPRISE", "o365", ("TEAMS",), 1),
    SoldSku("YAMMER_ENTERPRISE", "o365", ("YAM",), 0.5),
    SoldSku("SKYPE_PLAN_2", "o365", ("SFB",), 1),
    SoldSku("APPS_BUSINESS", "o365", ("PROPLUS",), 4),
    SoldSku("APPS_ENTERPRISE", "o365", ("PROPLUS",), 3),
    SoldSku("EXCHANGE_ARCHIVING", "o365", (), 1),
    SoldSku("SALES_PROFESSIONAL", "crm", ("CRM",), 3),
    SoldSku("SALES_ENTERPRISE", "crm", ("CRM",), 2),
    SoldSku("SALES_PREMIUM", "crm", ("CRM",), 1),
    SoldSku("SERVICE_PROFESSIONAL", "crm", ("CRM",), 1),
    SoldSku("SERVICE_ENTERPRISE", "crm", ("CRM",), 1),
    SoldSku("FIELD_SERVICE", "crm", ("CRM",), 0.5),
    SoldSku("CUSTOMER_SUITE", "crm", ("CRM", "TEAMS"), 0.5),
    SoldSku("TEAM_MEMBERS", "crm", ("CRM",), 3),
    SoldSku("BUSINESS_CENTRAL", "crm", ("CRM",), 2),
    SoldSku("PROJECT_PLAN_1", "project", ("PROJECT",), 1),
    SoldSku("PROJECT_PLAN_3", "project", ("PROJECT", "SPO"), 2),
    SoldSku("PROJECT_PLAN_5", "project", ("PROJECT", "SPO", "YAM"), 1),
    SoldSku("PROJECT_ESSENTIALS", "project", ("PROJECT",), 1),
)

# What people are seen to use; the family `project` is switched off and its own workload reports nothing.
USED_WORKLOADS = ("EXO", "SPO", "TEAMS", "YAM", "SFB", "PROPLUS", "CRM")
