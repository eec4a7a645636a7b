"""Public statements: two people, both languages, versions that stay."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.models import Notification
from liability.models import Incident, PublicStatement
from liability.services.incidents import decide_incident, watch_batches
from liability.services.statements import StatementText, publish_statement, save_statement
from tests.factories import make_user, staff
from tests.liability.doors import staff_client
from tests.liability.makers import batch_surge

pytestmark = pytest.mark.django_db

TEXT = StatementText(
    "K7 水壶 0722 批停止使用",
    "Stop using kettle K7, batch 0722",
    "底座可能不加热。\n\n- 停止使用\n- 联系我们",
    "The base may not heat.\n\n- Stop using it\n- Contact us",
)


@pytest.fixture
def incident() -> Incident:
    batch_surge()
    watch_batches()
    raised = Incident.objects.get()
    return decide_incident(raised, confirmed=True, reason="同一班组", by=staff(Role.MANAGER))


def published(incident: Incident, text: StatementText = TEXT) -> PublicStatement:
    draft = save_statement(incident, text, by=staff(Role.INVESTIGATOR))
    return publish_statement(incident, by=staff(Role.MANAGER), seen=draft.revision)


def test_nobody_reads_a_draft_and_everybody_what_was_published(incident):
    page = reverse("liability:public_statement", args=[incident.pk])
    manager = make_user(Role.MANAGER)
    save_statement(incident, TEXT, by=staff(Role.INVESTIGATOR))
    assert Notification.objects.filter(user=manager, kind="statement_to_publish").count() == 1
    assert Client().get(page).status_code == 404
    assert Client().get("/api/v1/statements/").json() == {"results": []}
    publish_statement(incident, by=Actor.staff(manager), seen=1)
    shown = Client().get(page).content.decode()
    assert "K7 水壶 0722 批停止使用" in shown and ">停止使用" in shown
    english = Client(headers={"accept-language": "en"}).get(page).content.decode()
    assert "Stop using kettle K7" in english
    assert TEXT.title_zh in Client().get(reverse("liability:public_statements")).content.decode()


def test_program_reads_the_version_in_force(incident):
    published(incident)
    newer = StatementText(TEXT.title_zh, TEXT.title_en, "现在可以换新。", "Replacements now.")
    published(incident, newer)
    [row] = Client().get("/api/v1/statements/").json()["results"]
    assert (row["version"], row["body_en"]) == (2, "Replacements now.")
    assert row["url"].endswith(reverse("liability:public_statement", args=[incident.pk]))


def test_earlier_version_stays_readable_and_says_so(incident):
    published(incident)
    published(incident, StatementText(TEXT.title_zh, TEXT.title_en, "新内容。", "News."))
    page = reverse("liability:public_statement", args=[incident.pk])
    assert "新内容" in Client().get(page).content.decode()
    old = Client().get(page, {"version": "1"}).content.decode()
    assert "底座可能不加热" in old and "现在不再适用" in old
    for wrong in ("3", "x", "-1", "9" * 40):
        assert Client().get(page, {"version": wrong}).status_code == 404


def test_writer_never_publishes_and_the_database_says_so_too(incident):
    manager = staff(Role.MANAGER)
    draft = save_statement(incident, TEXT, by=manager)
    with pytest.raises(StepForbidden):
        publish_statement(incident, by=manager, seen=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicStatement.objects.filter(pk=draft.pk).update(
            published_by=manager.user, published_at=draft.written_at
        )


def test_published_version_never_changes(incident):
    row = published(incident)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicStatement.objects.filter(pk=row.pk).update(body_zh="没事")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()


@pytest.mark.parametrize("field", ["title_zh", "title_en", "body_zh", "body_en"])
def test_both_languages_are_needed(incident, field):
    with pytest.raises(CaseError) as refused:
        save_statement(
            incident, StatementText(**{**vars(TEXT), field: "  "}), by=staff(Role.MANAGER)
        )
    assert refused.value.field == field


def test_link_that_runs_a_script_is_refused(incident):
    bad = StatementText(**{**vars(TEXT), "body_en": "[x](javascript:alert(1))"})
    with pytest.raises(CaseError):
        save_statement(incident, bad, by=staff(Role.MANAGER))


def test_what_was_not_seen_is_not_published(incident):
    save_statement(incident, TEXT, by=staff(Role.INVESTIGATOR))
    save_statement(incident, TEXT, by=staff(Role.INVESTIGATOR), seen=1)
    with pytest.raises(DraftChanged):
        publish_statement(incident, by=staff(Role.MANAGER), seen=1)
    with pytest.raises(DraftChanged):
        save_statement(incident, TEXT, by=staff(Role.INVESTIGATOR), seen=1)


def test_unconfirmed_incident_has_no_statement_and_rights_are_needed(incident):
    for role in (Role.AGENT, Role.APPROVER):
        with pytest.raises(StepForbidden):
            save_statement(incident, TEXT, by=staff(role))
    save_statement(incident, TEXT, by=staff(Role.INVESTIGATOR))
    with pytest.raises(StepForbidden):
        publish_statement(incident, by=staff(Role.INVESTIGATOR), seen=1)
    Incident.objects.filter(pk=incident.pk).update(state="rejected")
    with pytest.raises(CaseError):
        publish_statement(incident, by=staff(Role.MANAGER), seen=1)


def test_desk_page_writes_and_another_person_publishes(incident):
    page = reverse("liability:incident_statement", args=[incident.pk])
    writer, other = staff_client(Role.MANAGER), staff_client(Role.MANAGER)
    assert writer.post(page, {**vars(TEXT), "seen": "0", "body_en": ""}).status_code == 422
    assert writer.post(page, {**vars(TEXT), "seen": "0"}).status_code == 303
    assert writer.post(page, {**vars(TEXT), "seen": "0"}).status_code == 409
    assert "要由另一位同事发布" in writer.get(page).content.decode()
    assert writer.post(page, {"act": "publish", "seen": "1"}).status_code == 403
    assert other.post(page, {"act": "publish", "seen": "7"}).status_code == 409
    assert other.post(page, {"act": "publish", "seen": "1"}).status_code == 303
    assert "已发布" in other.get(page).content.decode()
    assert staff_client(Role.AGENT).post(page, {**vars(TEXT), "seen": "0"}).status_code == 403
