"""Setting the company up and letting its cases happen, from the oldest to the newest."""

from __future__ import annotations

import io
import random
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.models import Department, Team, User
from accounts.states import Role
from complaints.models import Batch, Case, Product
from complaints.moments import now, reset_shift
from complaints.services import triage
from complaints.services.outbox import deliver_due
from complaints.states import OPEN_STAGES, MergeCause
from config.demo import cast, incident
from config.demo.chain import lay_chain
from config.demo.complaints import COMPLAINTS, DemoComplaint
from config.demo.courses import COURSES
from config.demo.follow_ups import lay_follow_ups
from config.demo.incident import live_incident
from config.demo.money import (
    allow_instant_offers,
    close_books,
    look_at_the_market,
    set_money_aside,
)
from config.demo.payouts import lay_payouts
from config.demo.people import arrange_people, know_customers
from config.demo.story import Staff, Story
from liability.models import BatchSupply, Supplier

LOGINS_FILE = "demo-logins.txt"
SEED = 20261122


def load(*, say: Callable[[str], None]) -> int:
    """Make the company, its people and goods, and some seventy cases; returns how many cases."""
    call_command("load_calendar", stdout=io.StringIO())
    password = secrets.token_urlsafe(9)
    users = make_staff(password)
    products = make_goods()
    write_logins(password)
    chance, present, staff = random.Random(SEED), now(), Staff(users, password)
    oldest = max(told.days for told in COMPLAINTS)
    fund = set_money_aside(users, since=present - timedelta(days=oldest + 1))
    for told in sorted(COMPLAINTS, key=lambda told: -told.days):
        priced = told if told.paid else _priced(told, products)
        _live(priced, staff=staff, products=products, present=present, chance=chance)
        say(f"{told.days:>5} days ago  {told.course:<18} {told.title}")
    _count_rows()
    live_incident(staff, products, present=present, chance=chance)
    say(f"a batch incident with its cases, {incident.MODEL} {incident.BATCH}")
    arrange_people(users)
    know_customers(users)
    lay_chain()
    close_books(users, fund)
    allow_instant_offers(users, fund)
    look_at_the_market(users)
    lay_payouts(users)
    lay_follow_ups(users)
    _count_rows()
    while deliver_due(limit=200):
        pass
    return Case.objects.count()


def _count_rows() -> None:
    """Let PostgreSQL count what came: its plans for empty tables are slow on full ones."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _priced(told: DemoComplaint, products: dict[str, Product]) -> DemoComplaint:
    return replace(told, paid=str(products[told.model].list_price))


def _live(
    told: DemoComplaint,
    *,
    staff: Staff,
    products: dict[str, Product],
    present: datetime,
    chance: random.Random,
) -> None:
    try:
        story = Story(
            told, staff=staff, product_id=products[told.model].pk, present=present, chance=chance
        )
        if told.course == "merged":
            _merge(story)
        else:
            COURSES[told.course](story)
            story.to_the_present()
    finally:
        reset_shift()


def _merge(story: Story) -> None:
    story.safety(hours=0.5)
    others = Case.objects.exclude(pk=story.case.pk).filter(batch=story.case.batch)
    into = others.filter(stage__in=OPEN_STAGES).order_by("pk").first()
    story.after(hours=1)
    if into is not None:
        triage.merge(story.case, into=into, cause=MergeCause.SAME_EVENT, by=story.handler)


def make_staff(password: str) -> dict[str, User]:
    """Make departments, teams and a person for every role."""
    departments = {
        name: Department.objects.get_or_create(name=name)[0] for name in cast.DEPARTMENTS
    }
    teams = {
        name: Team.objects.get_or_create(
            name=name,
            defaults={
                "department": departments[department],
                "is_default": name == cast.DEFAULT_TEAM,
            },
        )[0]
        for name, department in cast.TEAMS
    }
    users = {}
    for username, name, roles, team in cast.STAFF:
        administrator = Role.ADMINISTRATOR in roles
        users[username] = User.objects.create_user(
            username,
            email=f"{username}@anju.example",
            password=password,
            display_name=name,
            roles=roles,
            team=teams[team] if team else None,
            is_staff=administrator,
            is_superuser=administrator,
        )
    Team.objects.update(manager=users[cast.MANAGER_OF_TEAMS])
    return users


def make_goods() -> dict[str, Product]:
    """Make products, batches, and the supplier of the faulty part."""
    products = {}
    for model, name, category, price, months in cast.PRODUCTS:
        products[model] = Product.objects.create(
            model=model,
            name=name,
            category=category,
            list_price=Decimal(price),
            warranty_months=months,
        )
    for model, code, days, units in cast.BATCHES:
        Batch.objects.create(
            product=products[model],
            code=code,
            produced_on=date.today() - timedelta(days=days),
            units_sold=units,
        )
    name, model, code, part = cast.SUPPLIER
    supplier = Supplier.objects.create(name=name)
    batch = Batch.objects.get(product=products[model], code=code)
    BatchSupply.objects.create(batch=batch, supplier=supplier, part=part)
    return products


def logins_path() -> Path:
    """Return where the demonstration's log-ins are kept."""
    return settings.VAR / LOGINS_FILE


def write_logins(password: str) -> None:
    """Keep the log-ins where only the owner of the checkout can read them."""
    lines = []
    for username, name, roles, _team in cast.STAFF:
        label = "、".join(str(role.label) for role in roles)
        lines.append(f"{username}\t{password}\t{name}\t{label}")
    path = logins_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
