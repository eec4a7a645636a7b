"""The desk's pages about mail: what became of each, and deciding on those that wait."""

from __future__ import annotations

import pytest
from django.core import mail as post
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, Evidence, InboundMail, MailAct, Message
from complaints.services.held_mail import discard_mail, make_case_of, put_into_case
from complaints.services.outbox import deliver_due
from complaints.services.receiving import handle_waiting, store_mail
from complaints.states import MailDoor, MailFate, MessageKind
from complaints.views.desk.mail_words import REASONS
from tests.complaints.letters import STORY, ZHOU, bounce, letter, photo
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db
WIFE = "wife@example.test"


def arrives(raw: bytes) -> InboundMail:
    mail, _new = store_mail(raw, door=MailDoor.SMTP)
    handle_waiting()
    mail.refresh_from_db()
    return mail


@pytest.fixture
def case() -> Case:
    return make_case()


@pytest.fixture
def held(case: Case) -> InboundMail:
    raw = letter(
        Subject=f"Re: {case.reference}", From=f"周太太 <{WIFE}>", files=[("a.jpg", photo())]
    )
    mail = arrives(raw)
    assert mail.fate == MailFate.HELD
    return mail


@pytest.fixture
def agent() -> User:
    return make_user(Role.AGENT)


@pytest.fixture
def browser(agent: User) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def page(browser: Client, name: str, *args: object, query: str = "") -> str:
    answer = browser.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def act(browser: Client, name: str, mail: InboundMail, **answers: str):
    return browser.post(reverse(f"complaints:{name}", args=[mail.pk]), answers)


def test_the_list_shows_what_waits_and_why_with_addresses_masked(browser, held, case):
    text = page(browser, "complaints:mail")
    assert f"Re: {case.reference}" in text and "周* w" in text
    assert WIFE not in text and "周太太" not in text and "w***@example.test" in text
    assert str(REASONS["other_sender"]) in text


def test_every_fate_has_its_list(browser, held):
    arrives(letter("第二件"))
    arrives(letter(Auto_Submitted="auto-replied"))
    arrives(bounce("<x@y>"))
    for fate in [*MailFate.values, "all", "nonsense"]:
        page(browser, "complaints:mail", query=f"?fate={fate}&page=x")
    assert str(REASONS["auto_submitted"]) in page(browser, "complaints:mail", query="?fate=ignored")
    assert "水壶冒烟" in page(browser, "complaints:mail", query="?fate=case")


def test_every_reason_has_words():
    """Whatever a rule gives as a reason can be read by a person."""
    given = {
        *("other_sender", "too_many", "repeated_id", "too_large", "no_sender", "forged", "spam"),
        *("empty", "broken", "error", "auto_submitted", "auto_reply", "absence", "no_return_path"),
        *("bulk", "wants_no_answer", "no_person", "loop", "bounce", "bounce_unknown", "report"),
    }
    assert given <= set(REASONS)


def test_a_look_is_written_down(browser, agent, held):
    text = page(browser, "complaints:mail_one", held.pk)
    assert WIFE in text and "水壶底座冒出白烟" in text and "a.jpg" in text
    page(browser, "complaints:mail_one", held.pk)
    look = MailAct.objects.get(mail=held)
    assert (look.kind, look.by) == (MailAct.Kind.LOOK, agent)


def test_a_held_mail_becomes_a_case(browser, held, case):
    answer = act(browser, "mail_case", held)
    held.refresh_from_db()
    assert answer.status_code == 303
    assert answer["Location"] == reverse("desk:case", args=[held.case.reference])
    assert (held.fate, held.case.consumer.email) == (MailFate.CASE, WIFE)
    assert held.case != case
    assert Evidence.objects.filter(case=held.case).count() == 1
    deliver_due()
    assert [WIFE] in [each.to for each in post.outbox]
    assert act(browser, "mail_case", held).status_code == 409
    assert Case.objects.count() == 2


def test_a_held_mail_joins_as_the_consumers_message(browser, held, case):
    act(browser, "mail_join", held, reference=case.reference.lower(), whose="consumer")
    message = Message.objects.get(case=case)
    assert (message.body, message.kind) == (STORY, MessageKind.MESSAGE)
    assert Evidence.objects.get(case=case).for_consumer
    held.refresh_from_db()
    assert (held.fate, held.case) == (MailFate.JOINED, case)


def test_a_held_mail_joins_as_a_note_that_the_consumer_never_sees(browser, held, case, agent):
    act(browser, "mail_join", held, reference=case.reference, whose="note")
    note = Message.objects.get(case=case)
    assert (note.kind, note.author) == (MessageKind.NOTE, agent)
    assert WIFE in note.body and STORY in note.body
    assert not Evidence.objects.get(case=case).for_consumer
    assert not CaseEvent.objects.filter(case=case, for_consumer=True).exclude(kind="received")


@pytest.mark.parametrize(
    "answers",
    [{}, {"reference": "RD-1999-000001", "whose": "note"}, {"reference": "x", "whose": "anybody"}],
)
def test_wrong_answers_are_told_and_change_nothing(browser, held, answers):
    assert act(browser, "mail_join", held, **answers).status_code == 422
    assert act(browser, "mail_discard", held, reason=" ").status_code == 422
    held.refresh_from_db()
    assert held.fate == MailFate.HELD
    assert not Message.objects.exists()


def test_a_mail_is_left_for_a_reason(browser, held, agent):
    assert act(browser, "mail_discard", held, reason="广告").status_code == 303
    held.refresh_from_db()
    assert held.fate == MailFate.DISCARDED
    done = MailAct.objects.get(mail=held, kind=MailAct.Kind.DISCARD)
    assert (done.by, done.reason) == (agent, "广告")
    assert "广告" in page(browser, "complaints:mail_one", held.pk)
    assert act(browser, "mail_discard", held, reason="再来").status_code == 422


def test_what_a_rule_passed_over_can_be_put_right(browser):
    mail = arrives(letter(Precedence="bulk"))
    assert mail.fate == MailFate.IGNORED
    act(browser, "mail_case", mail)
    assert Case.objects.get().consumer.email == ZHOU


def test_only_who_handles_cases_may_read_or_decide(held, case):
    for role in (Role.FINANCE, Role.REVIEWER, Role.ADMINISTRATOR):
        client = Client()
        client.force_login(make_user(role))
        for name in ("mail_one", "mail_case", "mail_join", "mail_discard"):
            path = reverse(f"complaints:{name}", args=[held.pk])
            assert client.get(path).status_code in (403, 405)
            assert client.post(path, {"reason": "x"}).status_code in (403, 405)
        assert client.get(reverse("complaints:mail")).status_code == 403
    outsider = staff(Role.FINANCE)
    for call in (
        lambda: make_case_of(held, by=outsider),
        lambda: put_into_case(held, case, as_consumer=True, by=outsider),
        lambda: discard_mail(held, reason="x", by=outsider),
    ):
        with pytest.raises(StepForbidden):
            call()
    held.refresh_from_db()
    assert held.fate == MailFate.HELD


def test_two_people_decide_once(held, case):
    put_into_case(held, case, as_consumer=False, by=staff(Role.AGENT))
    for again in (
        lambda: make_case_of(held, by=staff(Role.AGENT)),
        lambda: discard_mail(held, reason="x", by=staff(Role.AGENT)),
        lambda: put_into_case(held, case, as_consumer=True, by=staff(Role.AGENT)),
    ):
        with pytest.raises(CaseError):
            again()
    assert Message.objects.count() == 1


def test_a_mail_without_sender_makes_no_case(held):
    nameless = arrives(b"Subject: x\n\nhello")
    with pytest.raises(CaseError):
        make_case_of(nameless, by=Actor.staff(make_user(Role.AGENT)))


def test_held_mail_is_told_once_until_it_is_read():
    manager = make_user(Role.MANAGER)
    for number in range(3):
        arrives(letter("", From=f"a{number}@example.test"))
    client = Client()
    client.force_login(manager)
    text = page(client, "notifications")
    assert text.count("有来信等你决定") == 1
    assert reverse("complaints:mail") in text
