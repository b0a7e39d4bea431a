"""Which of the two database aliases migrates."""

OWNER = "owner"


class OwnerMigrates:
    """Migrations run as the owner only; everything else is left to Django, which uses `default`, the application's role."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:  # noqa: ARG002  Django's signature
        """Whether a migration may run on the alias `db`."""
        return db == OWNER

    def allow_relation(self, obj1: object, obj2: object, **hints: object) -> bool:  # noqa: ARG002
        """Both aliases are the same database, so whatever they read may be related."""
        return True
