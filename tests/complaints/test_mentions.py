"""Whom a note calls by "@", and who is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from complaints.actors import Actor
from complaints.mentions import mentioned
from complaints.models import Case, Notification
from complaints.selectors.mentions import colleagues
from complaints.services.conversation import write_message, write_note
from tests.factories import make_case, make_user, staff

NAMES = {1: ("王敏", "wangmin"), 2: ("王敏华",), 3: ("Ann", "ann"), 4: ("王敏",)}


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@王敏请看一下", [1, 4]),
        ("@王敏华 请看", [2]),
        ("请@王敏华、@Ann 看", [2, 3]),
        ("写信给 care@ann.example", []),
        ("@anna 不是 Ann", []),
        ("@ann。", [3]),
        ("@WANGMIN", [1]),
        ("@", []),
        ("没有人", []),
        ("@@王敏华", [2]),
    ],
)
def test_longest_name_after_the_sign_is_called(text: str, called: list[int]) -> None:
    assert mentioned(text, NAMES) == called


@given(
    st.text(alphabet="王敏华ab@ 。", max_size=20),
    st.dictionaries(st.integers(0, 5), st.tuples(st.text("王敏华ab", min_size=1, max_size=3))),
)
def test_only_names_that_stand_behind_a_sign_are_called(
    text: str, names: dict[int, tuple[str]]
) -> None:
    called = mentioned(text, names)
    assert len(set(called)) == len(called)
    assert all(f"@{names[key][0]}" in text for key in called)
    assert mentioned(text.replace("@", ""), names) == []


@pytest.mark.django_db
class TestTelling:
    """Who is told of a note."""

    def test_called_colleague_is_told_once(self) -> None:
        case, by = make_case(), staff(Role.AGENT)
        wang = make_user(Role.REVIEWER, display_name="王敏")
        write_note(case, by=by, body="@王敏 请看，@王敏 谢谢", mention=[wang.pk])
        notice = Notification.objects.get(user=wang)
        assert (notice.kind, notice.data) == ("mentioned", {"by": by.person.display_name})

    def test_who_may_not_see_the_case_is_not_told(self) -> None:
        case = make_case()
        finance = make_user(Role.FINANCE, display_name="钱会计")
        gone = make_user(Role.AGENT, display_name="老李", is_active=False)
        write_note(case, by=staff(Role.AGENT), body="@钱会计 @老李", mention=[finance.pk, gone.pk])
        assert not Notification.objects.filter(kind="mentioned").exists()

    def test_message_to_the_consumer_and_oneself_call_nobody(self) -> None:
        case, me = make_case(), make_user(Role.AGENT, display_name="林晓")
        make_user(Role.AGENT, display_name="王敏")
        write_message(case, by=Actor.staff(me), body="@王敏 会联系你")
        write_note(case, by=Actor.staff(me), body="@林晓 自己记一下")
        assert not Notification.objects.filter(kind="mentioned").exists()

    def test_list_offers_those_who_may_see_the_case(self) -> None:
        case: Case = make_case()
        me, agent = make_user(Role.AGENT), make_user(Role.AGENT)
        make_user(Role.FINANCE)
        make_user(Role.AGENT, is_active=False)
        assert colleagues(case, but=me) == [agent]
