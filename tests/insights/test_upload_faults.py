"""A connection that is cut and a worker that is killed amid an import cost a delay: it is applied once, by real workers."""

from __future__ import annotations

from config.embedded.places import APPLICATION_ROLE
from customers.services.lock import LOADING
from tests.insights.own_servers import Installation, installation, wait_until

__all__ = ["installation"]

WORLD = "tests.insights.upload_world"

_LOADING = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
_CUT = f"SELECT pg_terminate_backend(pid) FROM ({_LOADING}) l"
_STATE = "SELECT state, attempts, (SELECT count(*) FROM customers_load)::int FROM customers_upload"


def test_import_that_is_cut_off_twice_is_applied_once(installation: Installation) -> None:
    installation.run(WORLD, "fill")
    with installation.database() as database, installation.database(APPLICATION_ROLE) as another:

        def loads() -> bool:
            return database.execute(_LOADING, [LOADING]).fetchone() is not None

        def state() -> tuple[str, int, int]:
            return database.execute(_STATE).fetchone()

        assert state() == ("applying", 0, 0)
        installation.start_worker()
        wait_until(loads)
        assert another.execute(_CUT, [LOADING]).fetchall() == [(True,)]
        wait_until(lambda: not loads())
        assert state() == ("applying", 1, 0)
        installation.run(WORLD, "wake")
        wait_until(loads)
        installation.kill_workers()
        wait_until(lambda: not loads())
        assert state() == ("applying", 2, 0)
        installation.empty_broker()
        installation.start_worker()
        wait_until(lambda: state() == ("applied", 3, 1))
    installation.run(WORLD, "check")
