"""What came of it: every due timer carried out once, in order, never early, with whole chains."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection

from complaints.models import Case
from complaints.services.events import broken_link

_QUERIES = {
    "timers": "SELECT count(*) FROM complaints_timer",
    "lost": """SELECT count(*) FROM complaints_timer t WHERE t.due_at < clock_timestamp()
        AND t.status <> 'cancelled' AND NOT EXISTS
        (SELECT FROM complaints_caseevent e WHERE e.timer_id = t.id)""",
    "double": """SELECT (SELECT count(*) FROM (SELECT FROM complaints_caseevent WHERE timer_id
        IS NOT NULL GROUP BY timer_id HAVING count(*) > 1) a)
        + (SELECT count(*) FROM (SELECT FROM complaints_accountabilityitem
        GROUP BY clock_id HAVING count(*) > 1) b)
        + (SELECT count(*) FROM (SELECT FROM complaints_notification WHERE data ? 'rung'
        GROUP BY case_id, user_id, kind, data->>'clock', data->>'rung' HAVING count(*) > 1) c)
        + (SELECT count(*) FROM (SELECT FROM complaints_outboxmessage WHERE data ? 'rung'
        GROUP BY case_id, recipient, kind, data->>'clock', data->>'rung' HAVING count(*) > 1) d)""",
    "early": """SELECT count(*) FROM complaints_caseevent e JOIN complaints_timer t
        ON t.id = e.timer_id WHERE e.at < t.due_at""",
    "out of order": """SELECT count(*) FROM (SELECT t.due_at < lag(t.due_at) OVER
        (PARTITION BY e.case_id ORDER BY e.sequence) AS wrong FROM complaints_caseevent e
        JOIN complaints_timer t ON t.id = e.timer_id) s WHERE wrong""",
    "without item": """SELECT count(*) FROM complaints_timer t WHERE t.rung = 'breach'
        AND t.status = 'fired' AND NOT EXISTS
        (SELECT FROM complaints_accountabilityitem i WHERE i.clock_id = t.clock_id)""",
}
FAULTS = ("lost", "double", "early", "out of order", "without item", "broken chains")


@dataclass
class Outcome:
    """One fault's figures; it held when nothing is wrong."""

    fault: str
    figures: dict[str, object] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def expect(self, fine: bool, otherwise: str) -> None:
        """Note what is wrong unless it is fine."""
        if not fine:
            self.wrong.append(otherwise)

    def look(self) -> None:
        """Read the figures that every fault is measured by; each but the first must be nought."""
        self.figures |= figures()
        for name in FAULTS:
            self.expect(self.figures[name] == 0, f"{name}: {self.figures[name]}")


def figures() -> dict[str, int]:
    """Count what the database holds."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for name, query in _QUERIES.items():
            cursor.execute(query)
            found[name] = cursor.fetchone()[0]
    found["broken chains"] = sum(broken_link(case) is not None for case in Case.objects.all())
    return found


def number(query: str) -> int:
    """Give the number that a query counts."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
