"""The roles that a partner's staff can have (design.md, "Who may do what")."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is; several may be held at once, and rights add up."""

    GLOBAL_ADMIN = "global_admin"
    USER_ADMIN = "user_admin"
    ADMIN_AGENT = "admin_agent"
    SALES_AGENT = "sales_agent"
