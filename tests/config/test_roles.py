"""The two database roles, as tests and application meet them."""

import pytest
from django.db import ProgrammingError, connection, connections
from pytest_django import DjangoAssertNumQueries


def ask(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


@pytest.mark.django_db
def test_tests_connect_as_the_application_in_a_test_database() -> None:
    database, user, superuser = ask(
        "SELECT current_database(), current_user, usesuper FROM pg_user WHERE usename = current_user"
    )
    assert (user, superuser) == (connections["default"].settings_dict["USER"], False)
    assert user != connections["owner"].settings_dict["USER"]
    assert database.startswith("test_")


@pytest.mark.django_db
def test_application_owns_nothing() -> None:
    assert ask("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == (0,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "DROP TABLE partners_partner",
        "TRUNCATE partners_partner",
        "DELETE FROM django_migrations",
        "UPDATE partners_auditentry SET id = id",
        "DELETE FROM partners_auditentry",
    ],
)
def test_application_may_not(statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        ask(statement)


@pytest.mark.django_db
def test_application_reads_and_writes_rows() -> None:
    rights = "SELECT has_table_privilege('{}', 'SELECT'), has_table_privilege('{}', 'INSERT'), has_table_privilege('{}', 'DELETE')"
    assert ask(rights.replace("{}", "partners_partner")) == (True, True, True)
    assert ask(rights.replace("{}", "partners_auditentry")) == (True, True, False)
    assert ask(rights.replace("{}", "django_migrations")) == (True, False, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_time", [1, 2])
def test_committed_rows_are_cleared_away_between_tests(
    _time: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert ask("SELECT count(*) FROM django_content_type WHERE app_label = 'committed'") == (0,)
    with django_assert_num_queries(1):
        ask("INSERT INTO django_content_type (app_label, model) VALUES ('committed', 'row') RETURNING 1")
