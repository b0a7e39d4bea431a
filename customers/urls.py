"""Addresses of the pages about customers and what they hold."""

from django.urls import URLPattern, URLResolver, path

from customers.views.account import EditAccount
from customers.views.claim import ClaimCustomer
from customers.views.connections import ApplicationPage, ConnectionPage, Connections, ConsentReturn
from customers.views.mailboxes import Mailboxes
from customers.views.subscriptions import AllSubscriptionsExport, Subscriptions, SubscriptionsExport
from partners.export.doors import exports

app_name = "customers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/claim/", ClaimCustomer.as_view(), name="claim"),
    path("customers/<uuid:customer_id>/mailboxes/", Mailboxes.as_view(), name="mailboxes"),
    path("customers/<uuid:customer_id>/edit/", EditAccount.as_view(), name="edit_account"),
    path("customers/<uuid:customer_id>/subscriptions/", Subscriptions.as_view(), name="subscriptions"),
    *exports("customers/<uuid:customer_id>/subscriptions", SubscriptionsExport, name="subscriptions"),
    path("settings/connections/", Connections.as_view(), name="connections"),
    path("settings/connections/application/", ApplicationPage.as_view(), name="connection_application"),
    path("settings/connections/<int:connection_id>/", ConnectionPage.as_view(), name="connection"),
    path("connections/consent/", ConsentReturn.as_view(), name="consent"),
    *exports("subscriptions", AllSubscriptionsExport, name="all_subscriptions"),
]
