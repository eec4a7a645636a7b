"""Erasure: by two people only, held back where something stands against it, and then complete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseErased, CaseError, StepForbidden
from complaints.models import Case, Consumer, CustomerIdentity
from complaints.moments import now, shifted_to
from complaints.services.cases import touch
from complaints.services.data_requests import answer_data_request, ask_about_data
from complaints.services.events import broken_link
from documents.models import Document, StoredFile
from documents.services.files import destroy_left
from documents.storage import file_storage
from reviews.models import ErasureItem, ErasureRun
from reviews.selectors.retention import standing_of, today
from reviews.services.destroying import guarded_tables
from reviews.services.erasing import (
    ask_for_release,
    discard_run,
    propose_run,
    release_run,
    work_erasures,
)
from reviews.services.holding import lift_hold, place_hold
from reviews.services.packing import ask_for_pack
from reviews.states import ItemState, RunState, WhyHeld
from tests.complaints.walking import take
from tests.factories import make_case, make_user, staff
from tests.liability.doors import consumer_client
from tests.reviews.erasure_makers import (
    PERSON,
    closed_case,
    ended,
    erased,
    found_anywhere,
    much_later,
    released,
)

pytestmark = pytest.mark.django_db
KEEPS = ("stage", "category", "closed_at", "amount_agreed", "received_at", "reference", "region")


def held(case: Case, **fields: Any) -> Any:
    given = {"ground": "court", "reason": "（2026）沪0112民初1号", **fields}
    return place_hold(case, by=staff(Role.AGENT), **given)


def test_person_is_found_nowhere_after_erasure(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    case = closed_case()
    assert len(found_anywhere(*PERSON)) > 5
    stored = list(StoredFile.objects.values_list("storage_name", flat=True))
    assert stored

    with shifted_to(much_later(case)):
        with django_capture_on_commit_callbacks(execute=True):
            gone = erased(case)

        assert found_anywhere(*PERSON) == []
        assert broken_link(gone) is None
    item = ErasureItem.objects.get()
    assert item.rows > 10
    assert len(item.files) == len(stored)
    assert [name for name in stored if file_storage().exists(name)] == []
    after = Case.objects.get(pk=case.pk)
    assert [getattr(after, name) for name in KEEPS] == [getattr(case, name) for name in KEEPS]
    assert not CustomerIdentity.objects.exists()


def test_other_case_of_the_same_person_stays_whole() -> None:
    case, other = closed_case(), make_case()
    with shifted_to(much_later(case)):
        erased(case)

    other.refresh_from_db()
    assert Consumer.objects.get(pk=other.consumer_id).phone.endswith("13812345678")
    assert "底座" in other.description
    assert CustomerIdentity.objects.exists()


def test_nothing_goes_before_its_time_or_while_open() -> None:
    case = closed_case()
    make_case()
    assert propose_run(by=Actor.system()) is None
    first = standing_of(case).erasable_from
    assert first is not None
    assert first > today() + timedelta(days=365 * 3)


def test_two_people_and_the_list_they_saw() -> None:
    case, asker = closed_case(), staff(Role.MANAGER)
    with shifted_to(much_later(case)):
        run = propose_run(by=Actor.system())
        assert run is not None
        assert work_erasures() == 0
        with pytest.raises(CaseError):
            release_run(run, by=asker, seen=run.digest)
        with pytest.raises(StepForbidden):
            ask_for_release(run, by=staff(Role.AGENT), reason="x", seen=run.digest)
        with pytest.raises(CaseError, match="为什么"):
            ask_for_release(run, by=asker, reason=" ", seen=run.digest)
        with pytest.raises(CaseError, match="已经更新"):
            ask_for_release(run, by=asker, reason="x", seen="0" * 64)
        run = ask_for_release(run, by=asker, reason="到期", seen=run.digest)
        with pytest.raises(StepForbidden):
            release_run(run, by=asker, seen=run.digest)
        with pytest.raises(CaseError):
            propose_run(by=asker)
        assert work_erasures() == 0
        with pytest.raises(IntegrityError), transaction.atomic():
            ErasureRun.objects.filter(pk=run.pk).update(
                state=RunState.RELEASED, released_by=run.asked_by, released_at=now()
            )
        release_run(run, by=staff(Role.ADMINISTRATOR), seen=run.digest)
        assert work_erasures() == 1
        assert work_erasures() == 0
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_hold_blocks_is_lifted_by_another_and_lapses() -> None:
    case = closed_case()
    hold = held(case)
    with shifted_to(much_later(case)):
        run = propose_run(by=Actor.system())
        assert run is not None
        assert [(item.state, item.why) for item in run.items.all()] == [("held", "hold")]
        with pytest.raises(CaseError, match="没有可以清除"):
            ask_for_release(run, by=staff(Role.MANAGER), reason="x", seen=run.digest)
        with pytest.raises(StepForbidden):
            lift_hold(hold, by=staff(Role.AGENT), reason="判决生效")
        with pytest.raises(CaseError):
            lift_hold(hold, by=staff(Role.MANAGER), reason=" ")
        own = place_hold(case, by=staff(Role.MANAGER), ground="audit", reason="x", until=today())
        with pytest.raises(StepForbidden, match="另一个人"):
            lift_hold(own, by=Actor.staff(own.placed_by), reason="x")
        lift_hold(hold, by=staff(Role.MANAGER), reason="判决生效，已执行")
        assert standing_of(case).why == WhyHeld.HOLD
    with shifted_to(much_later(case) + timedelta(days=2)):
        erased(case)
    own.refresh_from_db()
    assert own.lapsed


def test_hold_placed_after_the_release_still_holds() -> None:
    case = closed_case()
    with shifted_to(much_later(case)):
        run = released()
        held(case)
        assert work_erasures() == 0
    item = run.items.get()
    assert (item.state, item.why) == (ItemState.HELD, WhyHeld.HOLD)
    assert Case.objects.get(pk=case.pk).erased_at is None
    assert found_anywhere(PERSON[0])


@pytest.mark.parametrize("why", ["request", "pack", "open"])
def test_what_is_unfinished_holds_back(why: str) -> None:
    case = closed_case()
    with shifted_to(much_later(case)):
        run = released()
        if why == "request":
            ask_about_data(case, by=Actor.consumer(), kind="copy")
        elif why == "pack":
            ask_for_pack(
                case,
                by=staff(Role.AGENT),
                kind="court",
                recipient="法院",
                purpose="开庭",
                without_others=True,
            )
        else:
            take(case, "reopen")
        assert work_erasures() == 0
    assert run.items.get().why in {why, "sending"}


def test_granted_request_shortens_our_own_period_only() -> None:
    case = closed_case()
    request = ask_about_data(case, by=Actor.consumer(), kind="erasure", text="都删掉")
    answer_data_request(
        request, by=staff(Role.AGENT), outcome="granted", answer="同意，法律规定的期限过后删除"
    )
    standing = standing_of(case)
    lawful = [term.erasable_from for term in standing.terms if term.period.by_law]
    assert standing.erasable_from == max(lawful)

    declined = ended(make_case())
    assert standing_of(declined).erasable_from is None


def test_database_refuses_without_a_released_run() -> None:
    case = closed_case()
    with shifted_to(much_later(case)):
        run = propose_run(by=Actor.system())
        assert run is not None
        item = run.items.get()
        with connection.cursor() as cursor:
            for pretended in (str(item.pk), "999999"):
                with pytest.raises(IntegrityError), transaction.atomic():
                    cursor.execute("SELECT set_config('redress.erasing', %s, true)", [pretended])
                    Document.objects.filter(status="ready").update(sealed_context=b"")
                    cursor.execute(
                        "UPDATE agreements_agreement SET terms = '{}' WHERE case_id = %s", [case.pk]
                    )
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(erased_at=now())
        with pytest.raises(IntegrityError), transaction.atomic():
            run.items.update(state="erased", erased_at=now(), digest="x")
    assert found_anywhere(PERSON[0])


def test_every_guard_of_a_table_that_is_emptied_steps_aside() -> None:
    """A table frozen later calls reviews_open_guards in its migration."""
    tables = [model._meta.db_table for model in guarded_tables()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgconstraint = 0 AND tgtype & 3 = 3"
            " AND tgtype & 24 <> 0 AND tgrelid::regclass::text = ANY(%s)"
            " AND pg_get_triggerdef(oid) NOT LIKE '%%redress.erasing%%'",
            [tables],
        )
        shut = set(cursor.fetchall())
    assert {pair for pair in shut if pair[0] != "complaints_case"} == set()


def test_erased_case_can_not_be_changed_erased_again_or_opened(client: Client) -> None:
    case = closed_case()
    consumers = consumer_client(case)
    with shifted_to(much_later(case)):
        gone = erased(case)
        assert propose_run(by=Actor.system()) is None
        with pytest.raises(CaseErased):
            touch(gone, "classified", by=staff(Role.AGENT))
        with pytest.raises(CaseErased):
            held(gone)
        client.force_login(make_user(*Role))
        for name in ("desk:case", "reviews:packs", "reviews:keeping", "complaints:accept"):
            answer = client.get(reverse(name, args=[case.reference]))
            assert answer.status_code == 410, name
            assert "已按保存期限清除" in answer.content.decode()
        for tab in ("evidence", "agreement", "log"):
            url = reverse("desk:case_tab", args=[case.reference, tab])
            assert client.get(url).status_code == 410
        assert client.get(reverse("desk"), {"view": "ended"}).status_code == 200
        assert client.get(reverse("desk_search"), {"q": PERSON[1]}).status_code == 200
        assert consumers.get(reverse("track:case", args=[case.reference])).status_code == 410
        assert consumers.get(reverse("mine:data", args=[case.reference])).status_code == 410


def test_half_done_run_goes_on_and_a_stop_stops() -> None:
    cases = [closed_case(), closed_case()]
    with shifted_to(much_later(cases[1])):
        run = released()
        assert work_erasures(seconds=-1.0) == 0
        discard_run(run, by=staff(Role.MANAGER), reason="法院来函")
        assert work_erasures() == 0
        assert not Case.objects.exclude(erased_at=None).exists()
        run = released()
        assert work_erasures() == 2


def test_bytes_left_by_a_crash_are_destroyed_later() -> None:
    case = closed_case()
    with shifted_to(much_later(case)):
        erased(case)
        names = list(StoredFile.objects.values_list("storage_name", flat=True))
        assert any(file_storage().exists(name) for name in names)
        assert destroy_left(since=now() - timedelta(days=1)) == len(names)
        assert not any(file_storage().exists(name) for name in names)
