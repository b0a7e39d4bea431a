"""Addresses of the pages about figures."""

from django.urls import URLPattern, URLResolver, path

from insights.views.analysis.compare import Compare, CompareExport
from insights.views.analysis.filling import FillTrend
from insights.views.analysis.lifecycle import LifecycleExport, LifecyclePage, LifecyclePart
from insights.views.analysis.movements import MovementsExport, MovementsPage, MovementsPart
from insights.views.analysis.pages import Above, AnalysisExport, AnalysisStart, Deployment, Idle, Usage
from insights.views.analysis.trials import TrialsExport, TrialsPage, TrialsPart
from insights.views.behind import BehindExport, BehindPage
from insights.views.changes import CausesExport, CustomerChanges, FigureChangesExport, PartChangesExport
from insights.views.customer import Customer
from insights.views.customer_data import CustomerData, CustomerDataExport
from insights.views.customer_insights import CustomerInsights, CustomerInsightsExport
from insights.views.customers import Customers, CustomersExport
from insights.views.exports.files import ExportFile, Exports
from insights.views.exports.reports import NewReport, ReportPage, Reports
from insights.views.exports.unsubscribe import Unsubscribe
from insights.views.find import Find
from insights.views.guide import Guide
from insights.views.imports.columns import ImportColumns
from insights.views.imports.sending import Imports
from insights.views.imports.upload import Import, RefusedCsv
from insights.views.left_out import LeftOutSkus
from insights.views.people import CustomerPeople, CustomerPeopleExport
from insights.views.portfolio import Portfolio, PortfolioExport
from insights.views.saved_views import OneView, SavedViews
from insights.views.sheet import CustomerSheet
from insights.views.steps.detail import Step
from insights.views.steps.files import OutcomeExport, SessionsExport, StepsExport
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
    path("analysis/lifecycle/", LifecyclePage.as_view(), name="analysis_lifecycle"),
    *exports("analysis/lifecycle/subscriptions", LifecycleExport, name="analysis_lifecycle"),
    *exports("analysis/lifecycle/<slug:part>", LifecyclePart, name="analysis_lifecycle_part"),
    path("analysis/trials/", TrialsPage.as_view(), name="analysis_trials"),
    *exports("analysis/trials/subscriptions", TrialsExport, name="analysis_trials"),
    *exports("analysis/trials/<slug:part>", TrialsPart, name="analysis_trials_part"),
    path("analysis/movements/", MovementsPage.as_view(), name="analysis_movements"),
    *exports("analysis/movements/list", MovementsExport, name="analysis_movements"),
    *exports("analysis/movements/<slug:part>", MovementsPart, name="analysis_movements_part"),
    path("analysis/", AnalysisStart.as_view(), name="analysis"),
    path("analysis/deployment/", Deployment.as_view(), name="analysis_deployment"),
    path("analysis/usage/", Usage.as_view(), name="analysis_usage"),
    path("analysis/idle/", Idle.as_view(), name="analysis_idle"),
    path("analysis/above-100/", Above.as_view(), name="analysis_above"),
    path("analysis/compare/", Compare.as_view(), name="analysis_compare"),
    *exports("analysis/compare", CompareExport, name="analysis_compare"),
    path("analysis/<slug:option>/fill/", FillTrend.as_view(), name="analysis_fill"),
    *exports("analysis/<slug:option>/<slug:part>", AnalysisExport, name="analysis"),
    path("customers/<uuid:customer_id>/insights/", CustomerInsights.as_view(), name="customer_insights"),
    path("customers/<uuid:customer_id>/report.pdf", CustomerSheet.as_view(), name="customer_pdf"),
    *exports("customers/<uuid:customer_id>/insights", CustomerInsightsExport, name="customer_insights"),
    path("customers/<uuid:customer_id>/insights/list/", BehindPage.as_view(), name="behind"),
    *exports("customers/<uuid:customer_id>/insights/list", BehindExport, name="behind"),
    path("customers/", Customers.as_view(), name="customers"),
    *exports("customers", CustomersExport, name="customers"),
    path("customers/<uuid:customer_id>/", Customer.as_view(), name="customer"),
    path("customers/<uuid:customer_id>/people/", CustomerPeople.as_view(), name="people"),
    *exports("customers/<uuid:customer_id>/people", CustomerPeopleExport, name="people"),
    path("customers/<uuid:customer_id>/changes/", CustomerChanges.as_view(), name="changes"),
    *exports("customers/<uuid:customer_id>/changes", FigureChangesExport, name="changes"),
    *exports("customers/<uuid:customer_id>/changes/parts", PartChangesExport, name="changes_parts"),
    *exports("customers/<uuid:customer_id>/changes/causes", CausesExport, name="causes"),
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
    *exports("next-steps", StepsExport, name="steps"),
    path("next-steps/<int:suggestion_id>/", Step.as_view(), name="step"),
    *exports("next-steps/<int:suggestion_id>/outcome", OutcomeExport, name="outcome"),
    path("next-steps/playbooks/", Playbooks.as_view(), name="playbooks"),
    path("next-steps/playbooks/<int:key>/", OnePlaybook.as_view(), name="playbook"),
    path("next-steps/training/", Courses.as_view(), name="courses"),
    path("next-steps/training/<int:key>/", OneCourse.as_view(), name="course"),
    *exports("next-steps/training/<int:key>/sessions", SessionsExport, name="sessions"),
    path("next-steps/links/", Links.as_view(), name="links"),
    path("next-steps/links/<int:key>/", OneLink.as_view(), name="link"),
    path("settings/next-steps/", StepThresholds.as_view(), name="step_thresholds"),
    path("self-service/<str:token>/", SelfService.as_view(), name="self_service"),
    path("start/", Guide.as_view(), name="guide"),
    path("find/", Find.as_view(), name="find"),
    path("views/", SavedViews.as_view(), name="saved_views"),
    path("views/<int:view_id>/", OneView.as_view(), name="saved_view"),
    path("terms/", Terms.as_view(), name="terms"),
]
