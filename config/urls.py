"""All addresses of the installation."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("insights.urls")),
    path("", include("customers.urls")),
    path("", include("partners.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
