"""Void clauses are found however they are spelt, and wherever they would be printed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.states import Role
from agreements.clauses import INJURY, INTERPRETATION, REMEDIES, void_clauses
from agreements.errors import AgreementBlocked
from agreements.models import Agreement
from agreements.selectors.proposals import proposed_terms
from agreements.selectors.wording import current_wording
from agreements.services.wording import save_wording
from complaints.errors import CaseError
from tests.agreements.makers import drafted
from tests.compensation.makers import chosen_case
from tests.factories import staff


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("乙方不 得 投 诉", REMEDIES),
        ("乙方不得\u200b投\u200b诉", REMEDIES),
        ("乙方不得投\u00ad诉", REMEDIES),
        ("乙方不得投\u202e诉", REMEDIES),
        ("乙方不得投\ufe0f诉", REMEDIES),
        ("乙方不得投\u3000诉", REMEDIES),
        ("乙方不得投\x00诉", REMEDIES),
        ("最\u2060终解释权属于甲方", INTERPRETATION),
        ("甲方不承担\u2f08身伤害的责任", INJURY),
        ("Party B may not ｃｏｍｐｌａｉｎ", REMEDIES),
        ("Party B 𝐰𝐚𝐢𝐯𝐞𝐬 its right to sue", REMEDIES),
        ("Party B may not com\u200bplain", REMEDIES),
    ],
)
def test_hidden_spelling_is_found(text: str, ground: str) -> None:
    assert [clause.ground for clause in void_clauses(text)] == [ground]


@pytest.mark.parametrize(
    "text",
    [
        "本条不妨碍乙方投诉、举报、起诉或者依法作证。",
        "甲方不得阻止乙方投诉。",
        "不得公开对方的联系方式；乙方可以投诉。",
        "Party B may complain, report or sue.",
    ],
)
def test_harmless_wording_stays(text: str) -> None:
    assert void_clauses(text) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"minimum_waiver": "我自愿放弃投诉的权利"},
        {"terms": {"place": "上海，乙方不得起诉"}},
        {"terms": {"goods_return": "寄回后乙方放弃 起 诉"}},
    ],
)
def test_void_wording_is_found_wherever_it_is_printed(fields: dict[str, object]) -> None:
    case = chosen_case()
    found = proposed_terms(case)
    assert found is not None
    if isinstance(fields.get("terms"), dict):
        fields = {"terms": replace(found, **fields["terms"])}  # type: ignore[arg-type]
    with pytest.raises(AgreementBlocked, match="不能写"):
        drafted(case, **fields)
    assert not Agreement.objects.exists()


@pytest.mark.django_db
def test_title_of_a_text_is_looked_at_too() -> None:
    now = current_wording("settlement", "zh-hans")
    assert now is not None
    with pytest.raises(CaseError, match="不能写") as caught:
        save_wording(
            "settlement",
            "zh-hans",
            by=staff(Role.MANAGER),
            title="不得投诉的协议",
            body=now.body,
            reason="改标题",
            seen=now.number,
        )
    assert caught.value.field == "title"


@pytest.mark.django_db
def test_shop_that_wrote_void_clauses_may_be_told_of() -> None:
    case = chosen_case(description="店里写着最终解释权归商家，还说不得投诉，壶盖合不上也不换。" * 2)
    assert drafted(case).text.complaint.count("最终解释权") == 2
