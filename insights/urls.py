"""Addresses of the pages about figures."""

from django.urls import URLPattern, URLResolver, path

from insights.views.behind import BehindCsv, BehindPage
from insights.views.customer import Customer
from insights.views.customer_data import CustomerData, CustomerDataCsv
from insights.views.customer_insights import CustomerInsights, CustomerInsightsCsv
from insights.views.customers import Customers, CustomersCsv
from insights.views.portfolio import Portfolio, PortfolioCsv
from insights.views.terms import Terms

app_name = "insights"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", Portfolio.as_view(), name="portfolio"),
    path("portfolio.csv", PortfolioCsv.as_view(), name="portfolio_csv"),
    path("customers/<uuid:customer_id>/insights/", CustomerInsights.as_view(), name="customer_insights"),
    path("customers/<uuid:customer_id>/insights.csv", CustomerInsightsCsv.as_view(), name="customer_insights_csv"),
    path("customers/<uuid:customer_id>/insights/list/", BehindPage.as_view(), name="behind"),
    path("customers/<uuid:customer_id>/insights/list.csv", BehindCsv.as_view(), name="behind_csv"),
    path("customers/", Customers.as_view(), name="customers"),
    path("customers.csv", CustomersCsv.as_view(), name="customers_csv"),
    path("customers/<uuid:customer_id>/", Customer.as_view(), name="customer"),
    path("customers/<uuid:customer_id>/data/", CustomerData.as_view(), name="customer_data"),
    path("customers/<uuid:customer_id>/data.csv", CustomerDataCsv.as_view(), name="customer_data_csv"),
    path("terms/", Terms.as_view(), name="terms"),
]
