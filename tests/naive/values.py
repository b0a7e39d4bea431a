"""How one cell of a feed is read (feed.md, Form): each function returns the value to compare by, or raises BadCellError."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

EXTERNAL = "external"

_HEX = "[0-9a-fA-F]"
_GUID = re.compile(rf"{_HEX}{{32}}|{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}")

_COUNTRIES = """AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"""
COUNTRIES = frozenset(_COUNTRIES.split())

_CURRENCIES = """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"""
CURRENCIES = frozenset(_CURRENCIES.split())


class BadCellError(ValueError):
    """The cell doesn't parse, is too long, or isn't in its list."""


def need(condition: object) -> None:
    """Raise BadCellError unless the condition holds."""
    if not condition:
        raise BadCellError


def text(cell: str, limit: int = 256) -> str:
    """Other text: kept as written, at most 256 characters (comment 10,000). A NUL character is no text."""
    need(len(cell) <= limit and "\0" not in cell)
    return cell


def comment(cell: str) -> str:
    """At most 10,000 characters."""
    return text(cell, 10_000)


def guid_or_none(cell: str) -> str | None:
    """32 hexadecimal digits or 8-4-4-4-12, bare or in one pair of braces, nothing else."""
    bare = cell[1:-1] if cell.startswith("{") and cell.endswith("}") else cell
    if not _GUID.fullmatch(bare):
        return None
    digits = bare.replace("-", "").lower()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def guid(cell: str) -> str:
    """A GUID, as lower-case 8-4-4-4-12."""
    found = guid_or_none(cell)
    need(found is not None)
    return str(found)


def opaque(cell: str) -> str:
    """An opaque id of at most 256 characters: compared by case folding, or as the GUID whose form it has."""
    return guid_or_none(cell) or text(cell).casefold()


def day(cell: str) -> date:
    """YYYY-MM-DD and nothing else."""
    need(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell))
    try:
        return date.fromisoformat(cell)
    except ValueError as error:
        raise BadCellError from error


def boolean(cell: str) -> bool:
    """`true` or `false`, in any case."""
    need(cell.casefold() in ("true", "false"))
    return cell.casefold() == "true"


def one_of(*allowed: str) -> Callable[[str], str]:
    """A word of a list, in any case."""

    def parse(cell: str) -> str:
        need(cell.casefold() in allowed)
        return cell.casefold()

    return parse


def code(cell: str) -> str:
    """A code of at most 64 characters, compared by case folding."""
    return text(cell, 64).casefold()


def service(cell: str) -> str:
    """A workload's code; ODB means SPO wherever it stands."""
    found = code(cell)
    return "spo" if found == "odb" else found


def workloads(cell: str) -> frozenset[str]:
    """Codes separated by `;`, may be empty. An empty piece between two `;` names nothing."""
    return frozenset(service(piece.strip()) for piece in cell.split(";") if piece.strip())


def seller(cell: str) -> str:
    """A partner's GUID, or `external`."""
    return EXTERNAL if cell.casefold() == EXTERNAL else guid(cell)


def quantity(cell: str) -> int:
    """ASCII digits only, at most 2147483647."""
    need(re.fullmatch("[0-9]+", cell))
    need(len(cell.lstrip("0")) <= 10 and int(cell) <= 2147483647)
    return int(cell)


def score(cell: str) -> int:
    """ASCII digits only, 1 to 5."""
    found = quantity(cell)
    need(1 <= found <= 5)
    return found


def unit_price(cell: str) -> Decimal:
    """Digits with at most one point and four decimals."""
    need(len(cell) <= 256 and re.fullmatch(r"[0-9]+(\.[0-9]{1,4})?", cell))
    return Decimal(cell)


def country(cell: str) -> str:
    """ISO 3166-1 alpha-2, in any case."""
    need(cell.upper() in COUNTRIES)
    return cell.upper()


def currency(cell: str) -> str:
    """ISO 4217, in any case."""
    need(cell.upper() in CURRENCIES)
    return cell.upper()
