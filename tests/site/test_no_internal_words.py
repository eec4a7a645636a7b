"""What stays inside stays inside: marked words in every internal field, looked for everywhere else.

Looked at are all pages of the consumer in every situation on the way, every mail to the consumer,
the text of every document, and what the interface for consumers answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from accounts.states import Role
from agreements.models import Payment
from agreements.services.following_up import record_follow_up, record_unanswered_try
from agreements.services.performing import deny_arrival
from agreements.services.returning import return_payment
from compensation.selectors import last_plan
from compensation.services.approving import approve_plan, return_plan, submit_plan
from compensation.services.offering import send_offer
from complaints.actors import Actor
from complaints.models import AccountabilityItem, Case
from complaints.moments import now, shift_to
from complaints.services.accountability import decide_item, reply_to_item
from complaints.services.cases import touch
from complaints.services.conversation import write_note
from complaints.services.entrance import reveal_contact
from complaints.services.evidence import add_evidence
from complaints.services.finding_notices import record_finding_told
from complaints.services.intake import submit_complaint
from complaints.services.outbox import deliver_due
from complaints.services.sweeping import sweep
from complaints.services.triage import (
    accept,
    classify,
    raise_emergency,
    record_safety_action,
    reopen,
)
from documents.models import Document
from documents.services.rendering import document_html
from liability.services.findings import determine_liability
from liability.services.investigating import add_note, open_investigation, record_statement
from liability.states import Party
from reviews.models import Mediation
from reviews.services.mediating import (
    Guest,
    end_mediation,
    invite_mediator,
    refer_to_mediation,
    write_private_note,
)
from reviews.states import MediationOutcome, NoteSide
from tests.agreements.makers import fulfilling_case, only_obligation, paid, perform_all
from tests.compensation.makers import dear_plan, drafted, offer_of, plan_of
from tests.factories import complaint, make_team, make_user
from tests.liability.doors import consumer_client
from tests.liability.makers import inward, liable, outward
from tests.site.addresses import addresses
from tests.site.places import paths

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CONSUMER = [address for address in addresses() if address.audience == "consumer"]
EMAIL = "zhou@example.test"
MARK = "canary"


def marked(words: str) -> str:
    """Words that must not be seen outside."""
    return f"{MARK}-{words}"


def insider(*roles: Role) -> Actor:
    """A member of staff whose log-in name and address are marked; the display name is not."""
    name = marked(f"{roles[0]}-{User.objects.count()}")
    return Actor.staff(make_user(*roles, username=name, email=f"{name}@inside.test"))


@dataclass
class Outside:
    """Everything that the consumer of one case can get to see."""

    case: Case
    secret: str
    found: list[str] = field(default_factory=list)
    looked_at: int = 0

    def look(self, when: str) -> None:
        """Open every page and look into every mail, document and answer; keep what is marked."""
        client, api = consumer_client(self.case), Client()
        for address in CONSUMER:
            for path in paths(address, self.case):
                response = client.get(path)
                if response.status_code == 200 and not response.streaming:
                    self._check(f"{when}: {path}", response.content.decode())
        url = f"/api/v1/complaints/{self.case.reference}/track/"
        answer = api.post(url, {"secret": self.secret}, content_type="application/json")
        assert answer.status_code == (200 if self.secret else 400)
        self._check(f"{when}: {url}", answer.content.decode())
        while deliver_due():
            pass
        for message in mail.outbox:
            if EMAIL in message.to:
                self._check(f"{when}: {message.subject}", f"{message.subject} {message.body}")
        for document in Document.objects.all():
            self._check(f"{when}: {document.key}", document_html(document))

    def _check(self, where: str, text: str) -> None:
        self.looked_at += 1
        if MARK in text.lower():
            at = text.lower().index(MARK)
            self.found.append(f"{where}: …{text[max(0, at - 60) : at + 60]}…")


@pytest.fixture
def outside() -> Outside:
    """A complaint, its consumer, and a manager of the team."""
    manager = insider(Role.MANAGER)
    make_team(manager=manager.user, is_default=True)
    receipt = submit_complaint(complaint(), by=Actor.consumer())
    Case.objects.filter(pk=receipt.case.pk).update(
        import_flags=[marked("flag")], source_system=MARK, external_ref=marked("number")
    )
    return Outside(Case.objects.get(pk=receipt.case.pk), receipt.secret)


def is_received_late(outside: Outside, agent: Actor) -> Case:
    """An emergency that was missed, with its notes, actions and accountability."""
    case = raise_emergency(outside.case, by=agent, reason=marked("urgent"))
    case = write_note(case, by=agent, body=marked("note"))
    touch(case, "note", by=agent, text={"reason": marked("sealed")}, data={"code": marked("data")})
    picture = SimpleUploadedFile("x.txt", marked("bytes").encode())
    add_evidence(
        case,
        by=agent,
        upload=picture,
        name=marked("file.txt"),
        caption=marked("caption"),
        for_consumer=False,
    )
    reveal_contact(case, by=agent, reason=marked("look"))
    shift_to(now() + timedelta(hours=25))
    sweep()
    case = record_safety_action(case, by=agent, action=marked("action"), consumer_reached=True)
    manager = insider(Role.MANAGER)
    for item in AccountabilityItem.objects.all():
        AccountabilityItem.objects.filter(pk=item.pk).update(owner=agent.user)
        item.refresh_from_db()
        reply_to_item(
            item, by=agent, reply=marked("reply"), cause="other", cause_note=marked("cause")
        )
        decide_item(
            item,
            by=manager,
            outcome="upheld",
            decision=marked("decision"),
            cause="other",
            cause_note=marked("found"),
            measure=marked("measure"),
            measure_owner=agent.user,
            measure_until=now().date() + timedelta(days=9),
        )
    outside.look("received")
    return Case.objects.get(pk=case.pk)


def is_investigated(outside: Outside, case: Case, agent: Actor) -> Case:
    """An investigation whose questions, notes, statements, recourse and inner reasons stay in."""
    case = classify(case, by=agent, severity="moderate")
    due = (now() + timedelta(days=7)).date()
    case = accept(case, by=agent, next_steps="会检测", expected_on=due)
    outside.look("accepted")
    finder = insider(Role.INVESTIGATOR)
    case = open_investigation(case, by=agent, lead=finder.person, questions=marked("questions"))
    add_note(case, by=finder, text=marked("finding"))
    record_statement(
        case, by=finder, party="respondent", name=marked("department"),
        text=marked("statement"), heard_at=now(),
    )  # fmt: skip
    record_statement(
        case, by=finder, party="respondent", name=marked("supplier"),
        text=marked("answer"), heard_at=now(),
    )  # fmt: skip
    outside.look("investigating")
    recourse = inward(Party.SUPPLIER, "100", name=marked("supplier"))
    finding = liable(outward(), recourse, reasons_internal=marked("reasons"))
    case = determine_liability(case, by=finder, finding=finding)
    record_finding_told(case, by=agent, way="phone", note=marked("told"))
    case = Case.objects.get(pk=case.pk)
    outside.look("determined")
    return case


def is_negotiated(outside: Outside, case: Case, agent: Actor) -> Case:
    """A plan given back and approved with inner words, and a mediation with private notes."""
    approver = insider(Role.APPROVER)
    submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=dear_plan()))
    return_plan(case, by=approver, plan=plan_of(case), reason=marked("returned"))
    submit_plan(case, by=agent, plan=plan_of(case))
    approve_plan(case, by=approver, plan=plan_of(case), note=marked("approved"))
    plan = last_plan(case)
    assert plan is not None
    case = send_offer(case, by=agent, plan=plan)
    outside.look("offered")
    mediation = refer_to_mediation(case, by=Actor.consumer(), wish="想多赔一点")
    guest = Guest(name="何调解", organisation="消费者协会", email=f"{MARK}@mediator.test")
    invite_mediator(mediation, by=agent, guest=guest)
    mediation = Mediation.objects.select_related("case").get(pk=mediation.pk)
    for side in NoteSide.values:
        write_private_note(mediation, by=Actor.guest_mediator(), side=side, body=marked(side))
    outside.look("mediating")
    by = Actor.guest_mediator()
    case = end_mediation(mediation, by=by, outcome=MediationOutcome.FAILED, note="谈不拢")
    outside.look("negotiating")
    return case


def test_nothing_internal_is_seen_from_receipt_to_negotiation(outside: Outside) -> None:
    """D2: notes, reasons, reveals, recourse, approvals, private talks, names of accounts."""
    agent = insider(Role.AGENT)

    case = is_received_late(outside, agent)
    case = is_investigated(outside, case, agent)
    case = is_negotiated(outside, case, agent)

    assert outside.found == []
    assert outside.looked_at > 60
    assert offer_of(case).status == "open"
    assert MARK in str(list(User.objects.values_list("email", flat=True)))


def test_nothing_internal_is_seen_from_agreement_to_closing(outside: Outside) -> None:
    """D2: a payment that came back, tries in vain, and who did it, until the case is taken up."""
    agent, finance = insider(Role.AGENT), insider(Role.FINANCE)
    case = fulfilling_case()
    outside.case = case
    outside.secret = ""
    paid(only_obligation(case))
    outside.look("following up")
    deny_arrival(only_obligation(case), by=Actor.consumer())
    return_payment(Payment.objects.get(), by=finance, reason=marked("returned"))
    outside.look("paid back")
    case = perform_all(Case.objects.get(pk=case.pk))
    record_unanswered_try(case, by=agent, note=marked("try"))
    outside.look("tried")
    record_follow_up(case, by=Actor.consumer(), arrived=True, rating=1)
    outside.look("closed")
    reopen(case, by=insider(Role.MANAGER), reason="新的检测报告")
    outside.look("reopened")

    assert outside.found == []
    assert outside.looked_at > 40
