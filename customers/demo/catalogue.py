"""The demo's two partners, its nine SKUs as the vendor's public catalogue names them, and its currencies."""

from __future__ import annotations

from customers.demo.specs import Partner, Sku

CIRROVENTO = "cirrovento"
HAVSMOLN = "havsmoln"

PARTNERS = (Partner(CIRROVENTO, "Cirrovento Cloud S.r.l."), Partner(HAVSMOLN, "Havsmoln Molntjänster AB"))

_BASIC = ("EXO", "SPO", "TEAMS", "YAM", "SFB")
_FULL = (*_BASIC, "PROPLUS")

SKUS = {
    sku.code: sku
    for sku in (
        Sku("E1", "18181a46-0d4e-45cd-891e-60aabd171b4e", "STANDARDPACK", "Office 365 E1", "o365", _BASIC, 9.4),
        Sku("E3", "6fd2c87f-b296-42f0-b197-1e91e994b900", "ENTERPRISEPACK", "Office 365 E3", "o365", _FULL, 23.1),
        Sku("E5", "c7df2760-2c81-4ef7-b578-5b5392b571df", "ENTERPRISEPREMIUM", "Office 365 E5", "o365", _FULL, 38.2),
        Sku("F3", "4b585984-651b-448a-9e53-3b10f069cf7f", "DESKLESSPACK", "Office 365 F3", "o365", _BASIC, 3.7),
        Sku(
            "BB",
            "3b555118-da6a-4418-894f-7df1e2096870",
            "O365_BUSINESS_ESSENTIALS",
            "Microsoft 365 Business Basic",
            "o365",
            _BASIC,
            5.6,
        ),
        Sku(
            "BS",
            "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
            "O365_BUSINESS_PREMIUM",
            "Microsoft 365 Business Standard",
            "o365",
            _FULL,
            11.7,
        ),
        Sku(
            "BP",
            "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
            "SPB",
            "Microsoft 365 Business Premium",
            "o365",
            _FULL,
            20.6,
        ),
        Sku(
            "EX",
            "4b9405b0-7788-4568-add1-99614e613b69",
            "EXCHANGESTANDARD",
            "Exchange Online (Plan 1)",
            "o365",
            ("EXO",),
            3.7,
        ),
        Sku(
            "CRM",
            "1e1a282c-9c54-43a2-9310-98ef728faace",
            "DYN365_ENTERPRISE_SALES",
            "Dynamics 365 for Sales Enterprise Edition",
            "crm",
            ("CRM", "SPO"),
            89.5,
        ),
    )
}

# Currency and what a euro is worth in it; everybody else pays in euros.
CURRENCIES = {"SE": ("SEK", 11.2), "CN": ("CNY", 7.8), "GB": ("USD", 1.1)}
EURO = ("EUR", 1.0)
