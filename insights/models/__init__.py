"""What follows from the facts, and what people do about it. One module for each of its parts."""

from insights.models.exports import ExportJob, Report, ReportRecipient, SentReport
from insights.models.figures import NONE, Figure, FigureDays, MonthFigure, WantedDays, WorkRange
from insights.models.playbooks import Course, Playbook, SelfServiceLink, TrainingSession
from insights.models.saved_views import SavedView
from insights.models.steps import Silence, StepSettings, Suggestion, SuggestionEvent

__all__ = [
    "NONE",
    "Course",
    "ExportJob",
    "Figure",
    "FigureDays",
    "MonthFigure",
    "Playbook",
    "Report",
    "ReportRecipient",
    "SavedView",
    "SelfServiceLink",
    "SentReport",
    "Silence",
    "StepSettings",
    "Suggestion",
    "SuggestionEvent",
    "TrainingSession",
    "WantedDays",
    "WorkRange",
]
