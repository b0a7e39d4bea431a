"""What the application's role may do in the database; granted after every migration, also in test databases."""

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

OWNER = "owner"
APPLICATION = "default"
READ_ONLY = ("django_migrations",)
APPEND_ONLY = ("partners_auditentry",)

# Most functions need no grant: everybody may execute them, and those of extensions aren't the owner's to grant. What acts
# with the owner's rights is closed to everybody else by its migration, and listed here.
FUNCTIONS = (
    "customers_ensure_activity_month(date)",
    "customers_fresh_statistics(text[])",
    "customers_shown_profile(int, int)",
)
EVERYTHING = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role};
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role};
"""


def grant_after_migrations(*, using: str, **_signal: object) -> None:
    """Django's post_migrate: grants where the owner has migrated and the application is another role."""
    owner, application = connections[OWNER], connections[APPLICATION].settings_dict["USER"]
    if using == OWNER and owner.settings_dict["USER"] != application:
        grant(owner, application)


def grant(owner: BaseDatabaseWrapper, role: str) -> None:
    """Lets `role` read and write all rows, own and create nothing, and never change what has been audited."""
    tables = set(owner.introspection.table_names())
    with owner.cursor() as cursor:
        cursor.execute(sql.SQL(EVERYTHING).format(role=sql.Identifier(role)))
        for function in FUNCTIONS:
            cursor.execute("SELECT to_regprocedure(%s) IS NOT NULL", [function])
            if cursor.fetchone() == (True,):
                cursor.execute(
                    sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), sql.Identifier(role))
                )
        for table in READ_ONLY + APPEND_ONLY:
            if table in tables:
                rights = sql.SQL("INSERT, UPDATE, DELETE" if table in READ_ONLY else "UPDATE, DELETE")
                cursor.execute(
                    sql.SQL("REVOKE {} ON {} FROM {}").format(rights, sql.Identifier(table), sql.Identifier(role))
                )
