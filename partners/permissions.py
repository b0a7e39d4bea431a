"""Roles, actions, and the one table that joins them (design.md, "Who may do what"). Pure: no database, no request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a member of staff is; several may be held at once, and rights add up."""

    GLOBAL_ADMIN = "global_admin"
    USER_ADMIN = "user_admin"
    ADMIN_AGENT = "admin_agent"
    SALES_AGENT = "sales_agent"


class Action(StrEnum):
    """What can be done in Seatwise. Every door names one of these."""

    SEE_PORTFOLIO = "see_portfolio"
    """Portfolio, customers, insights and the partner's own subscriptions."""
    EXPORT_INSIGHTS = "export_insights"
    SEE_NAMES = "see_names"
    """The people behind the figures by name; everybody else sees pseudonyms."""
    EXPORT_CUSTOMERS = "export_customers"
    """The list of customers and subscriptions as files."""
    CLAIM_CUSTOMER = "claim_customer"
    EDIT_ACCOUNT = "edit_account"
    """The partner's own data on a customer: owner, tags, segment, contacts."""
    PLAN_STEPS = "plan_steps"
    """Next steps, training, opportunities."""
    CORRECT_FACTS = "correct_facts"
    """Import data, and correct facts that the partner itself stated."""
    MANAGE_STAFF = "manage_staff"
    SEE_STAFF_EVENTS = "see_staff_events"
    """The part of the audit log that is about staff."""
    SEE_CUSTOMER_EVENTS = "see_customer_events"
    """The part of the audit log that is about customers."""
    PARTNER_SETTINGS = "partner_settings"
    OWN_TOKENS = "own_tokens"
    """One's own API tokens, with at most one's own rights."""


_ALL = frozenset(Role)
_ADMINS = frozenset({Role.GLOBAL_ADMIN, Role.ADMIN_AGENT})

GRANTS: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        Action.SEE_PORTFOLIO: _ALL,
        Action.EXPORT_INSIGHTS: _ALL,
        Action.SEE_NAMES: _ADMINS,
        Action.EXPORT_CUSTOMERS: _ADMINS,
        Action.CLAIM_CUSTOMER: _ADMINS,
        Action.EDIT_ACCOUNT: _ADMINS | {Role.SALES_AGENT},
        Action.PLAN_STEPS: _ADMINS | {Role.SALES_AGENT},
        Action.CORRECT_FACTS: _ADMINS,
        Action.MANAGE_STAFF: frozenset({Role.GLOBAL_ADMIN, Role.USER_ADMIN}),
        Action.SEE_STAFF_EVENTS: frozenset({Role.GLOBAL_ADMIN, Role.USER_ADMIN}),
        Action.SEE_CUSTOMER_EVENTS: _ADMINS,
        Action.PARTNER_SETTINGS: frozenset({Role.GLOBAL_ADMIN}),
        Action.OWN_TOKENS: _ALL,
    }
)
"""Who may do what. Nothing else decides it."""


def actions_of(roles: Iterable[str]) -> frozenset[Action]:
    """What somebody with these roles may do; unknown roles give nothing."""
    held = frozenset(roles)
    return frozenset(action for action, granted in GRANTS.items() if held & granted)


def may_grant(actor_roles: Iterable[str], changed: Iterable[str]) -> bool:
    """Whether somebody with `actor_roles` may give or take away the roles `changed`.

    Only a global admin grants or takes away global admin (design.md, "Who may do what").
    """
    actor_roles = frozenset(actor_roles)
    if Action.MANAGE_STAFF not in actions_of(actor_roles):
        return False
    return Role.GLOBAL_ADMIN in actor_roles or Role.GLOBAL_ADMIN not in frozenset(changed)
