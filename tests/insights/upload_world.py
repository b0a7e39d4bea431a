"""An upload that takes a while to apply, in an installation of its own; run by `test_upload_faults.py`."""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

PEOPLE = 150_000
DAY = date(2026, 3, 30)


def fill() -> None:
    """Somebody has sent activity of many people, seen what would come of it, and asked for it to be applied."""
    from customers.services.imports.uploads import Sent, Unsaid, ask_to_apply, receive
    from customers.services.imports.working import work_on
    from insights.selectors.headline import headline
    from partners.permissions import Role
    from tests.insights.world import World
    from tests.people import make_staff

    world = World()
    world.relationship(world.us)
    agent = make_staff(world.us, Role.ADMIN_AGENT)
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write("customer_id,user_id,service,day\n")
        file.writelines(f"{world.customer.tenant_id},person {number},EXO,{DAY}\n" for number in range(PEOPLE))
    path = Path(file.name)
    upload = receive(actor=agent, files=[Sent(path, "activity.csv", path.stat().st_size)], about=Unsaid())
    work_on(upload=upload.pk, measure=headline)
    upload.refresh_from_db()
    ask_to_apply(actor=agent, upload=upload, skip_bad=False)


def wake() -> None:
    """What beat does every minute."""
    from config.celery import WORK_UPLOADS, app

    app.send_task(WORK_UPLOADS)


def check() -> None:
    """Ends with status 1 unless the upload was applied exactly once."""
    from customers.models import Load, LoadedFile, Person, Upload
    from partners.models import AuditEntry
    from tests.customers.feed.reading import activity

    upload = Upload.objects.get()
    found = {
        "state": upload.state,
        "attempts": upload.attempts,
        "loads": Load.objects.count(),
        "applied": AuditEntry.objects.filter(action="import.apply").count(),
        "new": list(LoadedFile.objects.values_list("name", "new")),
        "people": Person.objects.count(),
        "days": len(activity()),
    }
    wanted = {
        "state": "applied",
        "attempts": 3,
        "loads": 1,
        "applied": 1,
        "new": [("activity.csv", PEOPLE)],
        "people": PEOPLE,
        "days": PEOPLE,
    }
    sys.exit(f"expected {wanted}, found {found}" if found != wanted else 0)


if __name__ == "__main__":
    import django

    from config.start import start_servers

    start_servers()
    django.setup()

    from partners.tenancy import operating

    with operating():
        {"fill": fill, "wake": wake, "check": check}[sys.argv[1]]()
