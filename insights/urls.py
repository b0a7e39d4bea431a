"""Addresses of the pages about figures."""

from django.urls import URLPattern, URLResolver, path

from insights.views.behind import BehindExport, BehindPage
from insights.views.customer import Customer
from insights.views.customer_data import CustomerData, CustomerDataExport
from insights.views.customer_insights import CustomerInsights, CustomerInsightsExport
from insights.views.customers import Customers, CustomersExport
from insights.views.exports.files import ExportFile, Exports
from insights.views.exports.reports import NewReport, ReportPage, Reports
from insights.views.exports.unsubscribe import Unsubscribe
from insights.views.imports.columns import ImportColumns
from insights.views.imports.sending import Imports
from insights.views.imports.upload import Import, RefusedCsv
from insights.views.left_out import LeftOutSkus
from insights.views.portfolio import Portfolio, PortfolioExport
from insights.views.sheet import CustomerSheet
from insights.views.steps.detail import Step
from insights.views.steps.library import (
    Courses,
    Links,
    OneCourse,
    OneLink,
    OnePlaybook,
    Playbooks,
    SelfService,
    StepThresholds,
)
from insights.views.steps.listing import Steps
from insights.views.terms import Terms
from partners.export.doors import exports

app_name = "insights"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", Portfolio.as_view(), name="portfolio"),
    *exports("portfolio", PortfolioExport, name="portfolio"),
    path("customers/<uuid:customer_id>/insights/", CustomerInsights.as_view(), name="customer_insights"),
    path("customers/<uuid:customer_id>/report.pdf", CustomerSheet.as_view(), name="customer_pdf"),
    *exports("customers/<uuid:customer_id>/insights", CustomerInsightsExport, name="customer_insights"),
    path("customers/<uuid:customer_id>/insights/list/", BehindPage.as_view(), name="behind"),
    *exports("customers/<uuid:customer_id>/insights/list", BehindExport, name="behind"),
    path("customers/", Customers.as_view(), name="customers"),
    *exports("customers", CustomersExport, name="customers"),
    path("customers/<uuid:customer_id>/", Customer.as_view(), name="customer"),
    path("customers/<uuid:customer_id>/data/", CustomerData.as_view(), name="customer_data"),
    *exports("customers/<uuid:customer_id>/data", CustomerDataExport, name="customer_data"),
    path("exports/", Exports.as_view(), name="exports"),
    path("exports/<uuid:job_id>/", ExportFile.as_view(), name="export_file"),
    path("reports/", Reports.as_view(), name="reports"),
    path("reports/new/", NewReport.as_view(), name="new_report"),
    path("reports/<int:report_id>/", ReportPage.as_view(), name="report"),
    path("reports/end/<str:token>/", Unsubscribe.as_view(), name="unsubscribe"),
    path("imports/", Imports.as_view(), name="imports"),
    path("imports/<uuid:upload_id>/", Import.as_view(), name="import"),
    path("imports/<uuid:upload_id>/columns/<int:place>/", ImportColumns.as_view(), name="import_columns"),
    path("imports/<uuid:upload_id>/refused.csv", RefusedCsv.as_view(), name="import_refused_csv"),
    path("settings/left-out-skus/", LeftOutSkus.as_view(), name="left_out_skus"),
    path("next-steps/", Steps.as_view(), name="steps"),
    path("next-steps/<int:suggestion_id>/", Step.as_view(), name="step"),
    path("next-steps/playbooks/", Playbooks.as_view(), name="playbooks"),
    path("next-steps/playbooks/<int:key>/", OnePlaybook.as_view(), name="playbook"),
    path("next-steps/training/", Courses.as_view(), name="courses"),
    path("next-steps/training/<int:key>/", OneCourse.as_view(), name="course"),
    path("next-steps/links/", Links.as_view(), name="links"),
    path("next-steps/links/<int:key>/", OneLink.as_view(), name="link"),
    path("settings/next-steps/", StepThresholds.as_view(), name="step_thresholds"),
    path("self-service/<str:token>/", SelfService.as_view(), name="self_service"),
    path("terms/", Terms.as_view(), name="terms"),
]
