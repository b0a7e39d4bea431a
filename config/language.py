"""In which language a request is answered: the person's, where he or she has chosen one, else what LocaleMiddleware found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import translation


class LanguageMiddleware:
    """Speaks the person's language from here on.

    Stands behind TenantMiddleware, so that it is known who asks, and behind LocaleMiddleware, which has looked at cookie and
    browser before. A streamed answer is produced in that language too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = getattr(request.user, "language", "")
        language = (
            chosen if chosen in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
        )
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = spoken_in(language, response.streaming_content)
        return response


def spoken_in(language: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, each produced in this language; between two of them the language is the reader's own."""
    iterator = iter(chunks)
    while True:
        with translation.override(language):
            try:
                chunk = next(iterator)
            except StopIteration:
                return
        yield chunk
