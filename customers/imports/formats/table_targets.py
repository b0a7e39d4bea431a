"""What the columns of any table may mean: the files that a table can be read into, and the words by which columns go."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

TEXT, DAY, FLAG, NUMBER, PRODUCT, CUSTOMER = "text", "day", "flag", "number", "product", "customer"


@dataclass(frozen=True)
class TargetColumn:
    """A column of a target: what kind of value it holds, whether a table must have it, and the words people use for it.

    `words` are in the form of csv_rows.plain: English, German, French, Spanish, Italian, Dutch.
    """

    name: str
    kind: str
    needed: bool
    words: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """A file that tables can be read into. `about`: what its lines say, for whoever chooses."""

    file: str
    about: str
    columns: tuple[TargetColumn, ...]

    def column(self, name: str) -> TargetColumn | None:
        """One of its columns."""
        return next((column for column in self.columns if column.name == name), None)


_CUSTOMER_ID = TargetColumn(
    "customer_id",
    CUSTOMER,
    needed=False,
    words=(
        "customerid",
        "tenantid",
        "customertenantid",
        "microsoftid",
        "mandantenid",
        "kundenid",
        "tenant",
        "idclient",
        "idcliente",
        "klantid",
    ),
)
_USER = TargetColumn(
    "user_id",
    TEXT,
    needed=True,
    words=(
        "userid", "userprincipalname", "upn", "user", "username", "login", "email", "emailaddress", "mail", "account", "employee",
        "objectid", "benutzer", "benutzername", "benutzerprinzipalname", "mitarbeiter", "anmeldename", "utilisateur", "identifiant",
        "courriel", "usuario", "correo", "correoelectronico", "utente", "nomeutente", "dipendente", "gebruiker", "gebruikersnaam",
    ),
)  # fmt: skip
_PRODUCT = TargetColumn(
    "sku_id",
    PRODUCT,
    needed=True,
    words=(
        "skuid", "sku", "product", "productname", "productid", "skupartnumber", "partnumber", "license", "licence", "licensename",
        "plan", "offer", "offername", "produkt", "produktname", "lizenz", "artikel", "produit", "licence", "offre", "producto",
        "licencia", "oferta", "prodotto", "licenza", "offerta", "licentie", "productnaam",
    ),
)  # fmt: skip
_DAY = TargetColumn(
    "day",
    DAY,
    needed=True,
    words=(
        "day", "date", "activitydate", "lastactivitydate", "lastactivity", "lastused", "lastlogin", "lastsignin", "tag", "datum",
        "letzteaktivitat", "letzteraktivitat", "letztenutzung", "letzteanmeldung", "jour", "dernièreactivité", "derniereactivite",
        "dernièreconnexion", "fecha", "ultimaactividad", "últimaactividad", "ultimoacceso", "data", "giorno", "ultimaattività",
        "ultimoaccesso", "laatsteactiviteit", "laatstgebruikt", "letzteaktivität",
    ),
)  # fmt: skip
_QUANTITY = TargetColumn(
    "quantity",
    NUMBER,
    needed=True,
    words=(
        "quantity", "seats", "licenses", "licences", "count", "qty", "units", "anzahl", "menge", "lizenzen", "plätze", "quantité",
        "quantite", "nombre", "sièges", "cantidad", "asientos", "quantità", "quantita", "posti", "aantal", "hoeveelheid",
    ),
)  # fmt: skip
_FROM = TargetColumn(
    "from",
    DAY,
    needed=True,
    words=(
        "from", "assigned", "assignedon", "assigneddate", "assigndate", "since", "start", "startdate", "validfrom", "ab", "von", "seit",
        "zugewiesenam", "beginn", "startdatum", "gültigab", "depuis", "datedebut", "datededébut", "début", "desde", "fechainicio",
        "fechadeinicio", "inicio", "dal", "da", "datainizio", "inizio", "vanaf", "sinds", "begindatum",
    ),
)  # fmt: skip
_TO = TargetColumn(
    "to",
    DAY,
    needed=False,
    words=(
        "to", "until", "end", "enddate", "removed", "removedon", "validto", "bis", "ende", "enddatum", "entferntam", "gültigbis", "fin",
        "datefin", "datedefin", "hasta", "fechafin", "fechadefin", "al", "datafine", "fine", "tot", "einddatum",
    ),
)  # fmt: skip
_STATE = TargetColumn("state", TEXT, needed=False, words=("state", "licencestate", "licensestate"))
_SERVICE = TargetColumn(
    "service",
    TEXT,
    needed=True,
    words=(
        "service", "workload", "app", "application", "servicename", "dienst", "anwendung", "servizio", "applicazione", "servicio",
        "aplicación", "toepassing", "dienstnaam",
    ),
)  # fmt: skip
_NAME_WORDS = (
    "name", "customername", "companyname", "company", "customer", "firma", "kunde", "kundenname", "unternehmen", "client", "société",
    "entreprise", "nomduclient", "nom", "cliente", "empresa", "nombre", "azienda", "nomecliente", "klant", "klantnaam", "bedrijf",
)  # fmt: skip
_COUNTRY_WORDS = ("country", "countrycode", "market", "land", "ländercode", "pays", "país", "pais", "paese", "landcode")
_DOMAIN_WORDS = ("domain", "primarydomain", "primarydomainname", "domäne", "domaine", "dominio", "domein")
_SUBSCRIPTION_WORDS = (
    "subscriptionid", "subscription", "abonnementid", "abonnement", "abo", "aboid", "idabonnement", "suscripción", "idsuscripcion",
    "sottoscrizione", "idsottoscrizione", "abbonamento",
)  # fmt: skip
_STATUS_WORDS = ("status", "subscriptionstatus", "state", "zustand", "statut", "état", "estado", "stato", "toestand")
_TRIAL_WORDS = ("istrial", "trial", "testversion", "test", "essai", "prueba", "prova", "proef")
_TERM_WORDS = (
    "termend", "enddate", "renewaldate", "commitmentenddate", "expires", "expirydate", "laufzeitende", "verlängerungam", "echeance",
    "échéance", "vencimiento", "scadenza", "vervaldatum", "einddatum",
)  # fmt: skip
_RENEW_WORDS = (
    "autorenew", "autorenewal", "autorenewenabled", "automatischeverlängerung", "renouvellementautomatique", "renovaciónautomática",
    "rinnovoautomatico", "automatischverlengen",
)  # fmt: skip

TARGETS = (
    Target("activity.csv", gettext_lazy("Who used what on which day"), (_CUSTOMER_ID, _USER, _SERVICE, _DAY)),
    Target(
        "holdings.csv",
        gettext_lazy("Who held a licence of what, from when until when"),
        (_CUSTOMER_ID, _USER, _PRODUCT, _FROM, _STATE, _TO),
    ),
    Target(
        "holders.csv",
        gettext_lazy("Everybody who holds a licence of anything, on one day"),
        (_CUSTOMER_ID, _USER, _PRODUCT, TargetColumn("day", DAY, needed=False, words=("asof", "reportdate", "stand")), _STATE),
    ),
    Target(
        "subscriptions_seen.csv",
        gettext_lazy("Subscriptions as they are on one day"),
        (
            _CUSTOMER_ID,
            TargetColumn("subscription_id", TEXT, needed=True, words=_SUBSCRIPTION_WORDS),
            _PRODUCT,
            _QUANTITY,
            TargetColumn("status", TEXT, needed=False, words=_STATUS_WORDS),
            TargetColumn("is_trial", FLAG, needed=False, words=_TRIAL_WORDS),
            TargetColumn("day", DAY, needed=False, words=("asof", "reportdate", "stand")),
            TargetColumn("started_on", DAY, needed=False, words=("startedon", "effectivestartdate", *_FROM.words)),
            TargetColumn("term_end", DAY, needed=False, words=_TERM_WORDS),
            TargetColumn("auto_renew", FLAG, needed=False, words=_RENEW_WORDS),
            TargetColumn("seller", TEXT, needed=False, words=("seller", "verkäufer", "vendeur", "vendedor", "venditore")),
        ),
    ),
    Target(
        "customers.csv",
        gettext_lazy("Customers"),
        (
            TargetColumn("customer_id", CUSTOMER, needed=True, words=_CUSTOMER_ID.words),
            TargetColumn("name", TEXT, needed=True, words=_NAME_WORDS),
            TargetColumn("domain", TEXT, needed=True, words=_DOMAIN_WORDS),
            TargetColumn("country", TEXT, needed=True, words=_COUNTRY_WORDS),
            TargetColumn("segment", TEXT, needed=False, words=("segment", "branche", "industry", "secteur", "sector", "settore")),
        ),
    ),
    Target(
        "people.csv",
        gettext_lazy("People: their names, and what they are also called"),
        (
            _CUSTOMER_ID,
            TargetColumn("user_id", TEXT, needed=True, words=("objectid", "userid", "id", "azureadid", "entraid")),
            TargetColumn("principal_name", TEXT, needed=False, words=("userprincipalname", "upn", "login", "email", "mail")),
            TargetColumn("display_name", TEXT, needed=False, words=("displayname", "fullname", "anzeigename", "nomcomplet", "nombre", "nomevisualizzato", "weergavenaam")),
            TargetColumn("mailbox", TEXT, needed=False, words=("mailbox", "mailboxtype", "recipienttype", "postfachtyp")),
            TargetColumn("is_deleted", FLAG, needed=False, words=("isdeleted", "deleted", "gelöscht", "supprimé", "eliminado", "eliminato", "verwijderd")),
        ),
    ),
    Target("coverage.csv", gettext_lazy("Which services a customer's activity is known of, on which days"), (_CUSTOMER_ID, _SERVICE, _DAY)),
)  # fmt: skip


def target_of(file: str) -> Target | None:
    """The target of this name."""
    return next((target for target in TARGETS if target.file == file), None)
