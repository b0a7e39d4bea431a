"""Pages and the API's answers are sent compressed. Files are not: they are sent while they are made."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

COMPRESSED = ("text/html", "application/json", "application/problem+json")


class CompressionMiddleware(GZipMiddleware):
    """Compresses text that was made for this request alone.

    Django adds some random bytes to each answer, and masks the token of forms anew each time, so that an answer's length
    tells nothing of a secret in it (BREACH); cookies are SameSite=Lax besides, so that other sites can't ask again and again.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in COMPRESSED:
            return response
        return super().process_response(request, response)
