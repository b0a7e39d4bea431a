"""A connection of the owner to the test database, for the schema of the reference; everything is rolled back."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections


@pytest.fixture
def plain_connection(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    owner = connections["owner"].settings_dict
    address = {"host": owner["HOST"], "port": owner["PORT"] or None, "dbname": owner["NAME"]}
    with psycopg.connect(**address, user=owner["USER"], password=owner["PASSWORD"], **owner["OPTIONS"]) as connection:
        yield connection
        connection.rollback()
