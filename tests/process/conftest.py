"""The actors, as fixtures: each is one person with one role, who logged in through the form."""

from __future__ import annotations

import pytest

from accounts.models import Team
from accounts.states import Role
from tests.factories import make_product, make_team, make_user
from tests.process.consumer import ConsumerBrowser
from tests.process.guests import GuestMediator, Reviewer
from tests.process.officers import CompanySigner, Finance, Investigator, Manager
from tests.process.partners import Partner, Technician
from tests.process.staff import Agent
from tests.process.surroundings import Post, TheClock


@pytest.fixture
def company(db: None) -> Team:
    """The company: a default team with a manager, and a kettle to complain about."""
    manager = make_user(Role.MANAGER, display_name="主管方", username="fang")
    make_product(name="安居 K7 电热水壶")
    return make_team(manager=manager, is_default=True)


@pytest.fixture
def clock(company: Team) -> TheClock:
    return TheClock()


@pytest.fixture
def post(company: Team) -> Post:
    return Post()


@pytest.fixture
def consumer(company: Team, post: Post) -> ConsumerBrowser:
    return ConsumerBrowser(post)


@pytest.fixture
def agent(company: Team) -> Agent:
    member = Agent(make_user(Role.AGENT, display_name="林晓", team=company))
    member.logs_in()
    return member


@pytest.fixture
def investigator(company: Team) -> Investigator:
    member = Investigator(make_user(Role.INVESTIGATOR, display_name="赵工"))
    member.logs_in()
    return member


@pytest.fixture
def approver(company: Team) -> CompanySigner:
    member = CompanySigner(make_user(Role.APPROVER, display_name="审批孙"))
    member.logs_in()
    return member


@pytest.fixture
def finance(company: Team) -> Finance:
    member = Finance(make_user(Role.FINANCE, display_name="出纳吴"))
    member.logs_in()
    return member


@pytest.fixture
def manager(company: Team) -> Manager:
    assert company.manager is not None
    member = Manager(company.manager)
    member.logs_in()
    return member


@pytest.fixture
def reviewer(company: Team) -> Reviewer:
    member = Reviewer(make_user(Role.REVIEWER, display_name="复议郑"))
    member.logs_in()
    return member


@pytest.fixture
def mediator(post: Post) -> GuestMediator:
    return GuestMediator(post)


@pytest.fixture
def partner(post: Post) -> Partner:
    return Partner(post)


@pytest.fixture
def technician(company: object) -> Technician:
    member = Technician(make_user(Role.AGENT, display_name="钱师傅"))
    member.logs_in()
    return member
