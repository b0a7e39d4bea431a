"""What a file's periods of people change: the step that entitlements.csv and holdings.csv share."""

from __future__ import annotations

from customers.feed.context import FileContext
from customers.feed.people import number_people
from customers.feed.staging import count_changes

_CHANGE = """
    CREATE TEMP TABLE feed_change ON COMMIT DROP AS
    SELECT l.*,
           CASE WHEN l.retract THEN CASE WHEN l.stored_id IS NULL THEN 'unchanged' ELSE 'retracted' END
                WHEN l.stored_id IS NULL THEN 'new'
                WHEN (l.stored_to, l.stored_state) IS DISTINCT FROM (l.valid_to, l.state) THEN 'changed'
                ELSE 'unchanged' END AS verdict
    FROM feed_effective l
"""

_NEW_PEOPLE = """
    CREATE TEMP TABLE feed_person ON COMMIT DROP AS
    SELECT DISTINCT ON (customer_id, user_key) customer_id, user_key, user_id, line
    FROM feed_change
    WHERE verdict = 'new' AND person_number IS NULL
    ORDER BY customer_id, user_key, line
"""


def judge_periods(context: FileContext) -> None:
    """Make `feed_change` of `feed_effective`, count its verdicts, and number the people in it who are new."""
    context.run(_CHANGE)
    count_changes(context)
    context.run(_NEW_PEOPLE)
    number_people(context)
