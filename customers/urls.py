"""Addresses of the pages about customers and what they hold."""

from django.urls import URLPattern, URLResolver, path

from customers.views.account import EditAccount
from customers.views.claim import ClaimCustomer
from customers.views.subscriptions import AllSubscriptionsCsv, Subscriptions, SubscriptionsCsv

app_name = "customers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/claim/", ClaimCustomer.as_view(), name="claim"),
    path("customers/<uuid:customer_id>/edit/", EditAccount.as_view(), name="edit_account"),
    path("customers/<uuid:customer_id>/subscriptions/", Subscriptions.as_view(), name="subscriptions"),
    path("customers/<uuid:customer_id>/subscriptions.csv", SubscriptionsCsv.as_view(), name="subscriptions_csv"),
    path("subscriptions.csv", AllSubscriptionsCsv.as_view(), name="all_subscriptions_csv"),
]
