"""Set-up of all tests: embedded servers, one test database per worker process, Hypothesis profiles."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test.utils import setup_databases, teardown_databases
from django.utils.translation import override
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from config.embedded.locks import open_lock, take
from config.languages.compiling import compile_stale
from config.start import environment, start_servers
from partners.tenancy import operating
from tests.cache_keys import begin_test
from tests.shipped import put_back

PROFILE_VARIABLE = "SEATWISE_HYPOTHESIS_PROFILE"
RUN_VARIABLE = "SEATWISE_TEST_RUN"
DATABASE_FIXTURES = frozenset({"db", "transactional_db"})
QUIET = {
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}
settings.register_profile("test", max_examples=100, derandomize=True, **QUIET)
settings.register_profile("long", max_examples=10_000, **QUIET)
settings.load_profile(os.environ.get(PROFILE_VARIABLE, "test"))


def pytest_configure() -> None:
    """The embedded servers are there before the first connection; the tests make databases of their own on them."""
    compile_translations()
    start_servers(migrate_empty=False)
    serve_static_files_from_their_folders()
    hash_passwords_cheaply()
    django_settings.CACHES["default"]["KEY_FUNCTION"] = "tests.cache_keys.make_key"
    if RUN_VARIABLE not in os.environ:
        os.environ[RUN_VARIABLE] = str(free_run())


def compile_translations() -> None:
    """Where somebody has edited one since: once, before workers begin."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compile_stale()


def serve_static_files_from_their_folders() -> None:
    """As in DEBUG: nothing need be collected before the tests."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.STORAGES = django_settings.STORAGES | {"staticfiles": plain}
    django_settings.WHITENOISE_AUTOREFRESH = django_settings.WHITENOISE_USE_FINDERS = True


def hash_passwords_cheaply() -> None:
    """A hash that is hard to guess takes a third of a second, at every sign-in of every test."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def free_run() -> int:
    """The lowest number that no other run of the tests has now, so that two runs at once use different databases.

    The lock's descriptor stays open, and with it the number ours, until this process ends. Worker processes inherit the number.
    """
    environment().var.mkdir(parents=True, exist_ok=True)
    run = 0
    while not take(open_lock(environment().var / f"tests-{run}.lock"), wait=False):
        run += 1
    return run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that commits is cleared up by the owner: the application's role can't truncate, and mirrors aren't cleared."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None and mark.kwargs.get("transaction") and not mark.kwargs.get("databases"):
            item.add_marker(pytest.mark.django_db(**{**mark.kwargs, "databases": ["default", "owner"]}), append=False)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, made by the owner; `default` mirrors it and stays the application's role.

    Always for both aliases: set up for `default` alone, Django would leave it on the real database.
    """
    owner = connections["owner"].settings_dict
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    owner["TEST"]["NAME"] = f"test_{owner['NAME']}_{os.environ[RUN_VARIABLE]}_{worker}"
    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        # A mirror's connection is nobody's to close, and would keep the database from being dropped.
        connections.close_all()
        teardown_databases(databases, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _own_uploads(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What tests upload, and the files that they have made, are nobody else's."""
    django_settings.SEATWISE_UPLOADS = tmp_path_factory.mktemp("uploads")
    django_settings.SEATWISE_EXPORTS = tmp_path_factory.mktemp("exports")


@pytest.fixture(autouse=True)
def _own_cache_keys() -> None:
    """Failed attempts to sign in are counted in the shared cache: each test begins without any."""
    begin_test()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Requests leave the language behind in which they were answered: each test begins in English."""
    with override("en"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _operating() -> Iterator[None]:
    """Tests work as the operator of the installation; those of what others see enter another scope themselves."""
    with operating():
        yield


@pytest.fixture(autouse=True)
def _shipped_catalogue(request: pytest.FixtureRequest) -> None:
    """A test that commits is followed by a flush, which takes what the migrations installed; it is put back."""
    if request.node.get_closest_marker("django_db") is None and not DATABASE_FIXTURES.intersection(
        request.fixturenames
    ):
        return
    request.getfixturevalue("_django_db_helper")
    put_back()
