"""User ids of invented people, in the style of their country."""

from __future__ import annotations

from customers.demo.chance import guid, seeded
from customers.demo.specs import Customer

_ITALIAN = (
    "luca marco giulia sara paolo elena chiara andrea matteo anna francesca davide simone laura stefano ilaria",
    "rossi ferrari bianchi russo gallo conti greco bruno costa riva fontana moretti serra villa longo testa sala",
)
_SPANISH = (
    "pablo lucia javier marta carlos elena sergio carmen diego irene raul nuria alba ivan pilar jorge",
    "garcia lopez perez ruiz moreno vidal ortega ramos gil serrano molina iglesias prieto vega soler campos",
)
_SWEDISH = (
    "erik anna lars karin johan maria nils elin oskar sofia gustav linnea per asa axel ebba",
    "lind berg holm ek nyberg sjoberg lund dahl strand falk wik hedlund norling ahl broman sandell",
)
_DUTCH = (
    "daan emma sem sanne bram lotte thijs fleur joost anouk ruben iris pieter maaike koen eva",
    "devries jansen bakker visser smit mulder bos vos peters hendriks dekker brouwer kok prins blom schouten",
)
_CHINESE = (
    "wei fang min jing lei yan jun li qiang xia bin ling tao hui peng yu",
    "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin",
)
_GERMAN = (
    "anna jonas lena felix marie paul lea tim julia max clara jan nina moritz eva lukas",
    "huber keller vogel winter lang graf busch roth engel horn sommer brandt kuhn arnold seidel pohl",
)
_FRENCH = (
    "louis camille hugo chloe jules manon paul lea antoine claire remi alice",
    "martin petit moreau girard roux fabre blanc garnier faure lemoine perrin noel",
)
_PORTUGUESE = (
    "joao ana rui ines tiago marta pedro sofia miguel rita nuno clara",
    "silva santos costa pinto lopes matos rocha neves leal moura faria brito",
)
_POLISH = (
    "jan anna piotr ewa tomasz kasia marek ola adam zofia pawel iza",
    "nowak kowal wrona zajac mazur lis kubiak sikora duda baran wilk sowa",
)
_NORDIC = (
    "mika aino jens freja otto helmi mads ida eero ronja emil saga",
    "virtanen niemi laine salo koski holst lund krogh bech skov thorsen dam",
)
_BRITISH = (
    "james olivia harry amelia tom grace jack emily ben ruth",
    "harris cole webb marsh dunn frost lane page reed shaw",
)
_CZECH = ("jan eva petr jana tomas lenka", "novak dvorak cerny kral benes pokorny")
_GREEK = (
    "nikos maria giorgos eleni kostas sofia yannis katerina",
    "pappas nikolaou vlachos samaras galanis rizos fotiou manos",
)

_NAMES = {
    "IT": _ITALIAN,
    "ES": _SPANISH,
    "SE": _SWEDISH,
    "NL": _DUTCH,
    "CN": _CHINESE,
    "DE": _GERMAN,
    "FR": _FRENCH,
    "PT": _PORTUGUESE,
    "PL": _POLISH,
    "FI": _NORDIC,
    "DK": _NORDIC,
    "GB": _BRITISH,
    "CZ": _CZECH,
    "GR": _GREEK,
}

INITIALS_FROM = 150  # people: larger organisations shorten given names


def user_ids(customer: Customer) -> list[str]:
    """One id for each of the customer's people: an e-mail address under its domain, or a GUID."""
    if customer.guid_users:
        return [guid("user", customer.code, number) for number in range(customer.people)]
    rng = seeded("names", customer.code)
    given, family = (words.split() for words in _NAMES[customer.country])
    taken: dict[str, int] = {}
    return [_address(customer, rng.choice(given), rng.choice(family), taken) for _ in range(customer.people)]


def _address(customer: Customer, given: str, family: str, taken: dict[str, int]) -> str:
    """given.family@domain, numbered from the second of that name on."""
    local = f"{given[0] if customer.people >= INITIALS_FROM else given}.{family}"
    taken[local] = taken.get(local, 0) + 1
    number = "" if taken[local] == 1 else str(taken[local])
    return f"{local}{number}@{customer.domain}"
