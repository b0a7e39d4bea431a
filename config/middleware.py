"""Sets for each request whose rows the database shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from partners.tenancy import Scope, current_scope, scope_of, signing_in, within


class TenantMiddleware:
    """Finds out who asks, as somebody who isn't known yet; everything after that sees what this person's scope shows.

    Stands behind AuthenticationMiddleware. Whoever is known inside the view only (a token of the API) is made known
    there by `partners.tenancy.identify`. A streamed answer is produced in the scope that the view ended with.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with signing_in():
            scope = scope_of(request.user)
        with within(scope):
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse) and not response.is_async:
                response.streaming_content = produced_in(current_scope(), response.streaming_content)
        return response


def produced_in(scope: Scope, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, each produced in `scope`; between two of them the scope is the reader's own."""
    iterator = iter(chunks)
    while True:
        with within(scope):
            try:
                chunk = next(iterator)
            except StopIteration:
                return
        yield chunk
