"""A killed worker and an emptied broker cost a delay, never a figure: with real workers on servers of their own."""

from __future__ import annotations

from tests.insights.nightly_world import CUSTOMERS, DAYS
from tests.insights.own_servers import Installation, installation, wait_until

__all__ = ["installation"]

WORLD = "tests.insights.nightly_world"
ALL_DAYS = (CUSTOMERS + 1) * DAYS

_STORED = "SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM insights_figuredays, unnest(days) r"


def test_killed_worker_and_emptied_broker_cost_a_delay_only(installation: Installation) -> None:
    installation.run(WORLD, "fill")
    with installation.database() as database:

        def stored() -> int:
            return database.execute(_STORED).fetchone()[0]

        assert stored() == CUSTOMERS + 1
        installation.start_worker()
        wait_until(lambda: stored() > 4 * (CUSTOMERS + 1))
        installation.kill_workers()
        assert stored() < ALL_DAYS
        installation.empty_broker()
        # What the killed worker has claimed is free again after a while, which we don't wait for.
        assert database.execute("UPDATE insights_workrange SET claimed_until = now()").rowcount == 1
        installation.start_worker()
        wait_until(lambda: stored() == ALL_DAYS)
    installation.run(WORLD, "check")
