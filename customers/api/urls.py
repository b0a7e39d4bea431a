"""Addresses of the API about customers and what they hold."""

from django.urls import URLPattern, path

from customers.api.customers import Customer, Customers
from customers.api.subscriptions import Subscriptions

urlpatterns: list[URLPattern] = [
    path("customers/", Customers.as_view(), name="customers"),
    path("customers/<uuid:customer_id>/", Customer.as_view(), name="customer"),
    path("customers/<uuid:customer_id>/subscriptions/", Subscriptions.as_view(), name="subscriptions"),
]
