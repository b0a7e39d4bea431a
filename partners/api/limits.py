"""How much one member of staff may ask of the API."""

from __future__ import annotations

from time import time

from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

SECONDS = 60


class RequestLimit(BaseThrottle):
    """So many requests a minute for one member of staff, over all processes.

    It spares the database a program that has run wild. It is no guard of secrets: those need none.
    """

    requests = 1200

    def allow_request(self, request: Request, _view: APIView) -> bool:
        """Counts this request; an atomic counter, so that requests at the same time can't pass together.

        Where the counters' server is away nothing is limited: figures matter more than this.
        """
        key = f"api-requests/{request.user.pk}/{int(time()) // SECONDS}"
        try:
            cache.add(key, 0, timeout=2 * SECONDS)
            return cache.incr(key) <= self.requests
        except (RedisError, ValueError):
            return True

    def wait(self) -> float:
        """Seconds until the next minute."""
        return SECONDS - time() % SECONDS
