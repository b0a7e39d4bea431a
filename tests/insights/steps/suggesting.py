"""Suggestions put straight into the table."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from customers.clock import today
from customers.models import Customer
from insights.models import Suggestion
from insights.steps.rules import Fact
from partners.models import Partner

EVIDENCE = [asdict(Fact("deployment_pct", None, 70, 46, 100)), asdict(Fact("unassigned", 54))]


def suggest(partner: Partner, customer: Customer, **fields: Any) -> Suggestion:
    """An open suggestion of low adoption, raised yesterday."""
    day = today() - timedelta(days=1)
    defaults = {"rule": "low_adoption", "raised_on": day, "evidence_on": day, "weight": 54, "evidence": EVIDENCE}
    return Suggestion.objects.create(partner=partner, customer=customer, **(defaults | fields))
