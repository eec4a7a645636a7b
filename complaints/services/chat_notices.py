"""Telling the desk that a visitor waits: the agents on duty once, their managers when nobody comes.

One notice a person and waiting chat. Once somebody joins, or the chat ends, it counts as read for
everybody, so that no bell rings for what is done.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Absence, User
from accounts.states import Role
from complaints.models import Chat, ChatRules, Notification
from complaints.moments import now
from complaints.selectors.chats import chat_rules, opening
from complaints.selectors.people import all_managers
from complaints.selectors.policies import working_calendar
from complaints.services.outbox import tell_staff
from complaints.states import ChatState

WAITING, NOBODY = "chat_waiting", "chat_nobody"
KINDS = (WAITING, NOBODY)


def on_duty(rules: ChatRules, moment: datetime) -> QuerySet[User]:
    """Return who answers chats today: agents of the teams that take them, who are not away.

    Where no team was named, agents of every team do.
    """
    day = working_calendar().local_date(moment)
    away = Absence.objects.filter(cancelled_at=None, starts_on__lte=day, ends_on__gte=day)
    agents = User.objects.filter(is_active=True, roles__contains=[Role.AGENT])
    agents = agents.exclude(pk__in=away.values("user"))
    teams = list(rules.teams.values_list("pk", flat=True))
    return agents.filter(team__in=teams) if teams else agents


def tell_of_waiting(*, limit: int = 100) -> int:
    """Tell of chats that wait and were not told of, and of those that nobody joined; say how many.

    Out of hours nobody is told: the chat becomes a case by itself. Safe to run many times at once.
    """
    rules, moment = chat_rules(), now()
    if not opening(moment, rules=rules).is_open:
        return 0
    late = moment - patience(rules)
    due = Q(told_at=None) | Q(escalated_at=None, told_at__lte=late)
    chats = Chat.objects.filter(due, state=ChatState.WAITING).order_by("asked_at", "pk")
    return sum(_told(pk, rules, moment) for pk in chats.values_list("pk", flat=True)[:limit])


def patience(rules: ChatRules) -> timedelta:
    """Return how long agents have before managers are told: a third of the wait."""
    return max(timedelta(minutes=rules.wait_minutes) / 3, timedelta(minutes=1))


def tell_of(chat: Chat) -> None:
    """Tell the agents on duty of a chat that begins; out of hours nobody is told."""
    rules, moment = chat_rules(), now()
    if opening(moment, rules=rules).is_open:
        _told(chat.pk, rules, moment)


@transaction.atomic
def _told(chat_id: int, rules: ChatRules, moment: datetime) -> bool:
    free = Chat.objects.select_for_update(skip_locked=True, of=("self",))
    chat = free.filter(pk=chat_id, state=ChatState.WAITING).first()
    if chat is None:
        return False
    data = {"chat": chat.pk}
    if chat.told_at is None:
        agents = list(on_duty(rules, moment))
        # Nobody is there: whoever manages hears of it at once.
        kind, people = (WAITING, agents) if agents else (NOBODY, all_managers())
        chat.told_at = moment
        chat.escalated_at = None if agents else moment
    elif chat.escalated_at is None and chat.told_at <= moment - patience(rules):
        kind, people = NOBODY, _managers(rules)
        chat.escalated_at = moment
    else:
        return False
    tell_staff(None, kind, users=people, key=f"{kind}:{chat.pk}:{chat.revision}", data=data)
    chat.save(update_fields=["told_at", "escalated_at"])
    return True


def _managers(rules: ChatRules) -> list[User]:
    """Return the managers of the teams that take chats, else all."""
    teams = rules.teams.select_related("manager")
    found = {team.manager.pk: team.manager for team in teams if team.manager is not None}
    return [manager for manager in found.values() if manager.is_active] or all_managers()


def quieten(chat: Chat) -> int:
    """Count the notices of a chat as read: somebody joined it, or it ended; return how many."""
    unread = Notification.objects.filter(kind__in=KINDS, case=None, read_at=None)
    return unread.filter(data__chat=chat.pk).update(read_at=now())
