"""Small makers of what many tests need. Cases are made by the services, never inserted."""

from __future__ import annotations

import itertools
from typing import Any

from accounts.models import Department, Team, User
from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, Product
from complaints.services.intake import ComplaintData, ContactData, submit_complaint

_numbers = itertools.count(1)


def make_team(*, manager: User | None = None, is_default: bool = False) -> Team:
    """A team in a department of its own."""
    number = next(_numbers)
    department = Department.objects.create(name=f"部门 {number}")
    return Team.objects.create(
        name=f"小组 {number}", department=department, manager=manager, is_default=is_default
    )


def make_user(*roles: Role, **fields: Any) -> User:
    """A member of staff with `roles`; the password is "secret-pass-1"."""
    number = next(_numbers)
    return User.objects.create_user(
        username=fields.pop("username", f"user{number}"),
        email=fields.pop("email", f"user{number}@example.test"),
        password="secret-pass-1",
        display_name=fields.pop("display_name", f"员工 {number}"),
        roles=list(roles),
        **fields,
    )


def staff(*roles: Role) -> Actor:
    """An actor for a new member of staff with `roles`."""
    return Actor.staff(make_user(*roles))


def make_product(**fields: Any) -> Product:
    """A kettle of a model of its own."""
    number = next(_numbers)
    return Product.objects.create(
        name=fields.pop("name", f"K{number} 电热水壶"), model=f"K{number}", **fields
    )


def complaint(**fields: Any) -> ComplaintData:
    """What a consumer might write; override what the test is about."""
    contact = fields.pop(
        "contact",
        ContactData(name="周小华", phone="13812345678", email="zhou@example.test"),
    )
    text = "11 月 19 日晚上烧水时，水壶底座不加热，没有冒出白烟，也没有焦糊味。"
    return ComplaintData(description=fields.pop("description", text), contact=contact, **fields)


def make_case(**fields: Any) -> Case:
    """A case just received."""
    return submit_complaint(complaint(**fields), by=Actor.consumer()).case
