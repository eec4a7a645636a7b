"""Investigations of the demonstration in which others were asked: a supplier, a department, a look.

Each step is the service that a person's click calls, at the story's moment.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core.files.base import ContentFile

from complaints.actors import Actor
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from config.demo.cast import SUPPLIER
from config.demo.story import CONSUMER, Story, picture
from liability.models import PlanItem, Supplier
from liability.services.board import Judgement, add_claim, note_withheld, weigh
from liability.services.consult_answers import answer_consult
from liability.services.consulting import Question, ask_consult
from liability.services.inspecting import (
    Appointment,
    add_photo,
    confirm_time,
    propose_inspection,
    report_inspection,
)
from liability.services.planning import tick_item
from liability.states import Addressee, InspectionKind, Party


def look_into(story: Story) -> Story:
    """Ask the supplier and production, look at the thing, and begin the evidence board."""
    case, by = story.case, story.staff["investigator"]
    first = PlanItem.objects.filter(investigation__case=case).order_by("position").first()
    if first is not None:
        tick_item(case, first, by=by, done=True)
    _ask(story)
    _look(story)
    _weigh(story)
    story.refresh()
    return story


def _nonce(story: Story, number: int) -> UUID:
    return UUID(int=(story.case.pk << 16) + number)


def _ask(story: Story) -> None:
    """One answer came, one is waited for."""
    by = story.staff["investigator"]
    supplier = Supplier.objects.filter(name=SUPPLIER[0]).first()
    asked = ask_consult(
        story.case,
        by=by,
        question=Question(
            question="请提供这一批温控器的出货检验记录，并说明近期工艺有没有变更。",
            addressee=Addressee.SUPPLIER,
            supplier=supplier,
            party_name=SUPPLIER[0],
            email="quality@hengtai.example",
            asks_statement=True,
        ),
        nonce=_nonce(story, 1),
    )
    story.after(hours=5)
    answer_consult(
        asked,
        by=Actor.partner(),
        text="出货抽检 50 件全部合格；九月起触点镀层换了供货批次，已封存留样。",
        name="韩工，质量部",
        files=(),
    )
    department = story.staff.users["agent"].team
    ask_consult(
        story.case,
        by=by,
        question=Question(
            question="请核对该批次的来料检验和出厂检验记录，附上扫描件。",
            addressee=Addressee.DEPARTMENT if department else Addressee.ROLE,
            department=department.department if department else None,
            role="" if department else "manager",
            due_on=working_calendar().local_date(story.present) + timedelta(days=1),
        ),
        nonce=_nonce(story, 2),
    )


def _look(story: Story) -> None:
    """A remote diagnosis was done, a visit is agreed."""
    by = story.staff["investigator"]
    technician = story.staff.users["investigator"]
    remote = propose_inspection(
        story.case,
        by=by,
        appointment=Appointment(
            kind=InspectionKind.REMOTE,
            technician=technician,
            purpose="视频看故障现象，记录指示灯和屏幕的状态。",
            starts_at=now() + timedelta(hours=2),
            place="视频通话，打登记的电话",
        ),
    )
    confirm_time(remote, by=CONSUMER, seen_proposal=1)
    story.after(hours=2)
    photo = ContentFile(picture("检查", story.chance))
    add_photo(remote, by=by, upload=photo, name="故障现象.png", nonce=_nonce(story, 3))
    report_inspection(
        remote,
        by=by,
        findings="视频中能重现消费者描述的现象，和使用方式无关；需要拆机确认触点。",
        consumer_present=True,
        nonce=_nonce(story, 4),
    )
    propose_inspection(
        story.case,
        by=by,
        appointment=Appointment(
            kind=InspectionKind.ON_SITE,
            technician=technician,
            purpose="拆开底座，检查温控器触点，封存样品。",
            starts_at=(story.present + timedelta(days=2)).replace(hour=2, minute=0, second=0),
            place="上海市徐汇区漕溪北路 18 号",
        ),
    )


def _weigh(story: Story) -> None:
    """What is to be proved, and what speaks for it so far."""
    by, case = story.staff["investigator"], story.case
    claim = add_claim(case, by=by, text="故障是产品自身的问题，不是使用造成的")
    photo = case.evidence.order_by("-id").first()
    answered = case.consults.get(number=1)
    said = case.statements.filter(heard_at__isnull=False).first()
    weigh(
        claim,
        by=by,
        judgement=Judgement(f"consult:{answered.pk}", "for", "original_record", is_copy=True),
    )
    if photo is not None:
        weigh(claim, by=by, judgement=Judgement(f"evidence:{photo.pk}", "for", "photo"))
    if said is not None:
        weigh(claim, by=by, judgement=Judgement(f"statement:{said.pk}", "against", "statement"))
    note_withheld(
        case,
        by=by,
        holder=Party.PRODUCTION_DEPT,
        what="该批次的来料检验原始记录",
        asked_on=working_calendar().local_date(now()),
        claim=claim,
    )
