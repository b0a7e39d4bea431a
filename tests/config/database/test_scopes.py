"""Every transaction says for whom it works, and nothing of it stays."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from partners.models import Partner
from partners.tenancy import NOBODY, acting_for, counting, operating, signing_in, within
from tests.insights.world import World

TOLD = "SELECT current_setting('app.partner_id', true), current_setting('app.scope', true)"
UNSET = [(None, None), ("", "")]


def told() -> tuple[str | None, str | None]:
    with connection.cursor() as cursor:
        cursor.execute(TOLD)
        return cursor.fetchone()


def raw_told() -> tuple[str | None, str | None]:
    """What the session itself has, without anybody saying it first."""
    with within(NOBODY):
        return told()


@contextmanager
def rolled_back() -> Iterator[None]:
    """What happens inside is undone: the transaction, or a savepoint of the one around."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class TestInTransaction:
    pytestmark = pytest.mark.django_db

    def test_each_scope_is_told(self) -> None:
        assert told() == ("", "everything")
        with acting_for(7):
            assert told() == ("7", "")
            with counting():
                assert told() == ("7", "all_sellers")
            assert told() == ("7", "")
        with signing_in():
            assert told() == ("", "signing_in")
        with acting_for(None):
            assert told() == ("", "")
        assert told() == ("", "everything")

    def test_rolled_back_savepoint_keeps_the_scope(self) -> None:
        with acting_for(7):
            with rolled_back(), operating():
                assert told() == ("", "everything")
            assert told() == ("7", "")

    def test_scope_entered_inside_a_savepoint_survives_its_rollback(self) -> None:
        with acting_for(7):
            assert told() == ("7", "")
            sid = transaction.savepoint()
            with acting_for(8):
                assert told() == ("8", "")
                transaction.savepoint_rollback(sid)
                assert told() == ("8", "")

    def test_scope_stays_after_a_failed_statement(self) -> None:
        with acting_for(7):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
            assert told() == ("7", "")

    def test_queries_are_not_more_than_without(self, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(2), acting_for(7):
            assert list(Partner.objects.all()) == []
            with operating():
                assert list(Partner.objects.all()) == []


class TestBetweenTransactions:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_nothing_is_left_after_a_commit(self) -> None:
        with acting_for(7), transaction.atomic():
            assert told() == ("7", "")
        assert raw_told() in UNSET

    def test_nothing_is_left_after_a_rollback(self) -> None:
        with acting_for(7), rolled_back():
            assert told() == ("7", "")
        assert raw_told() in UNSET

    def test_statement_of_its_own_is_told_and_leaves_nothing(self) -> None:
        with acting_for(7):
            assert told() == ("7", "")
        assert raw_told() in UNSET
        assert connection.get_autocommit() is True

    def test_statement_of_its_own_is_committed(self) -> None:
        World()
        connection.close()
        assert Partner.objects.count() == 2

    def test_failed_statement_of_its_own_leaves_no_transaction(self) -> None:
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert told() == ("", "everything")

    def test_next_transaction_is_told_again(self) -> None:
        for _ in range(2):
            with acting_for(7), transaction.atomic():
                assert told() == ("7", "")

    def test_isolation_level_can_be_chosen_first(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone() == ("repeatable read",)
            assert told() == ("", "everything")

    def test_result_fetched_in_parts_is_of_its_scope(self) -> None:
        world = World()
        with acting_for(world.us.pk), connection.chunked_cursor() as cursor:
            cursor.execute("SELECT slug FROM partners_partner ORDER BY slug")
            assert cursor.fetchall() == [("us",)]
        assert [partner.slug for partner in Partner.objects.order_by("slug").iterator(chunk_size=1)] == ["them", "us"]

    def test_binary_cursor_is_told(self) -> None:
        with acting_for(7), connection.binary_cursor() as cursor:
            cursor.execute(TOLD, binary=True)
            assert cursor.fetchone() == ("7", "")

    def test_copied_rows_are_of_the_scope(self) -> None:
        world = World()
        copied = "COPY (SELECT slug FROM partners_partner) TO STDOUT"
        with acting_for(world.us.pk), connection.cursor() as cursor, cursor.copy(copied) as copy:
            assert list(copy.rows()) == [("us",)]
        assert raw_told() in UNSET

    def test_many_at_once_are_of_the_scope(self) -> None:
        world = World()
        with acting_for(world.us.pk), connection.cursor() as cursor:
            cursor.executemany("UPDATE partners_partner SET name = %s", [("Changed",)])
        assert dict(Partner.objects.values_list("slug", "name")) == {"us": "Changed", "them": "Them"}

    def test_another_thread_works_for_nobody(self) -> None:
        World()

        def count() -> int:
            try:
                return Partner.objects.count()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(count).result(timeout=30) == 0
        assert Partner.objects.count() == 2
