"""All addresses of the installation."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.errors import bad_request, forbidden, not_found, server_error
from config.health import alive, ready
from customers.api.urls import urlpatterns as customers_api
from insights.api.urls import urlpatterns as insights_api
from partners.api.urls import urlpatterns as partners_api
from partners.views.language import choose_language

admin.autodiscover()
handler400, handler403, handler404, handler500 = bad_request, forbidden, not_found, server_error
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", alive, name="healthz"),
    path("readyz", ready, name="readyz"),
    path("", include("insights.urls")),
    path("", include("customers.urls")),
    path("", include("partners.urls")),
    path("account/", include("partners.sign_in.urls")),
    path("language/", choose_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("api/v1/", include(([*insights_api, *customers_api, *partners_api], "api"))),
]
