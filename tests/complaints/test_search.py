"""Search: two characters of anything find their case, and nothing else is found."""

import sys
import unicodedata
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, CaseSearch, Consumer, Message
from complaints.search_terms import excerpt, folded, name_tokens, pieces, query_words
from complaints.selectors.matching import matching
from complaints.selectors.search import RANKS, best_cases, found_cases
from complaints.services.conversation import write_message, write_note
from complaints.services.data_requests import _correct
from complaints.services.intake import ContactData
from complaints.services.triage import classify
from tests.factories import make_case, make_product, make_user, staff

MIXED = st.text(
    st.one_of(
        st.sampled_from("水壶冒白烟电热底座不AaＢb12３４-，。 \n\t'\"%_\\\\<&"),
        st.characters(blacklist_categories=("Cs", "Cn"), blacklist_characters="\x00"),
    ),
    min_size=2,
    max_size=24,
)
SLOWLY = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def finds(text: str, actor: Actor | None = None) -> set[int]:
    return set(matching(Case.objects.all(), text, actor=actor).values_list("pk", flat=True))


def holds(text: str, query: str) -> bool:
    """Say what search promises: every word of the query stands in the text, however written."""
    return all(folded(word) in folded(text) for word in query_words(query))


# --- Rules --------------------------------------------------------------------------------------
@given(MIXED, st.data())
def test_what_stands_in_a_text_stands_in_the_folded_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert folded(text[start:end]) in folded(text)
    assert folded(folded(text)) == folded(text)


@given(MIXED, st.lists(MIXED, max_size=3))
def test_marking_changes_no_character(text: str, words: list[str]) -> None:
    assert "".join(piece.text for piece in pieces(text, words)) == text
    for piece in pieces(text, words):
        assert not piece.hit or any(folded(word) in folded(piece.text) for word in words)


def test_marks_follow_width_case_and_accents() -> None:
    shown = [(piece.text, piece.hit) for piece in pieces("买了 ＡＢ-12 和 Café", ["ab", "CAFE"])]
    assert shown == [("买了 ", False), ("ＡＢ", True), ("-12 和 ", False), ("Café", True)]
    assert excerpt("x" * 500, ["水"]) == []


@pytest.mark.django_db
def test_the_database_folds_every_character_as_we_do() -> None:
    wanted = [
        chr(code)
        for code in range(1, sys.maxunicode + 1)
        if unicodedata.category(chr(code)) not in ("Cs", "Cn", "Co")
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT one, complaints_fold(one) FROM unnest(%s) AS one", [wanted])
        different = [one for one, plain in cursor.fetchall() if plain != folded(one)]
    assert different == []


# --- Cases --------------------------------------------------------------------------------------
@pytest.mark.django_db
@SLOWLY
@example("'); DROP TABLE x; --%_\\")
@example("e\u0301 x\u0323\u0302y")
@example("ΑΣ Σα İi ﬁ ㎏ Ⅷ")
@given(MIXED)
def test_every_two_characters_of_a_text_find_its_case(text: str) -> None:
    case = Case.objects.first() or make_case()
    other = Case.objects.exclude(pk=case.pk).first() or make_case(description="另一件事")
    Case.objects.filter(pk=case.pk).update(description=text)
    for start in range(len(text) - 1):
        two = text[start : start + 2]
        if query_words(two):
            assert case.pk in finds(two), (two, text)
    queries = {text[at : at + 3] for at in range(0, len(text), 3)} | {"水壶", "烟 白"}
    body = " ".join([other.title, "另一件事", other.reference])
    for query in filter(query_words, queries):
        assert (other.pk in finds(query)) is holds(body, query), query


@pytest.mark.django_db
@SLOWLY
@given(MIXED, MIXED)
def test_nothing_is_found_that_does_not_hold_the_words(text: str, query: str) -> None:
    assume(query_words(query))
    case = Case.objects.first() or make_case(title="标题", order_number="")
    Case.objects.filter(pk=case.pk).update(description=text)
    whole = f"{case.title} \n {text} \n {case.reference}"
    assert (case.pk in finds(query)) is holds(whole, query)


@pytest.mark.django_db
def test_every_field_and_every_message_is_found() -> None:
    product = make_product(name="九阳豆浆机")
    product.batches.create(code="2609B")
    case = make_case(
        title="标题里说漏水",
        description="经过里有焦味",
        wished_detail="希望换新",
        product_text="豆浆机旧款",
        order_number="DD-77",
        serial_number="SN＃9",
        respondent="某某商行",
        product_id=product.pk,
        batch_code="2609B",
    )
    other = make_case(description="快递破损，花瓶碎了一地。")
    write_message(case, by=Actor.consumer(), body="Refund 退款到账了吗")
    write_note(case, by=staff(Role.AGENT), body="供应商说是温控器")
    queries = [
        "漏水",
        "焦味",
        "换新",
        "旧款",
        "d-77",
        "ＳＮ",
        "商行",
        "九阳",
        "2609b",
        "REFUND",
        "款到",
        "温控",
    ]
    queries += [case.reference.lower(), case.product.model, "退款 漏水", "豆"]
    assert {query: finds(query) for query in queries} == {q: {case.pk} for q in queries}
    assert finds("RD-") == {case.pk, other.pk}
    assert finds("漏水 花瓶") == set()


@pytest.mark.django_db
def test_what_changes_is_found_as_it_is_now() -> None:
    case, agent = make_case(), staff(Role.AGENT)
    product = make_product(name="九阳豆浆机")
    classify(case, by=agent, product=product)
    assert finds("豆浆") == {case.pk}
    product.name = "美的电饭煲"
    product.save()
    assert (finds("豆浆"), finds("电饭")) == (set(), {case.pk})
    message = Message.objects.create(
        case=case, kind="message", author_kind="consumer", body="改口了", at=case.received_at
    )
    Message.objects.filter(pk=message.pk).update(body="又说了")
    assert (finds("改口"), finds("又说")) == (set(), {case.pk})


# --- Names --------------------------------------------------------------------------------------
def named(name: str) -> Case:
    return make_case(contact=ContactData(name=name, phone="13900000000"), description="坏了")


@pytest.mark.django_db
def test_any_part_of_a_name_finds_its_case_for_who_may_see_names() -> None:
    case = named("欧阳小华")
    english = named("Christopher Nolan")
    agent, reviewer = staff(Role.AGENT), staff(Role.REVIEWER)
    for query in ("欧阳", "阳小", "华", "欧阳小华", "坏了 小华"):
        assert finds(query, agent) == {case.pk}, query
        assert finds(query, reviewer) == set(), query
    assert finds("topher NOL", agent) == {english.pk}
    assert finds("欧小", agent) == set()


@pytest.mark.django_db
def test_no_name_stands_in_the_index() -> None:
    case = named("欧阳小华")
    row = CaseSearch.objects.get(case=case)
    assert not any(part in "".join([row.body, *row.grams]) for part in ("欧", "阳", "小华"))
    assert set(name_tokens("欧阳小华")) <= set(row.grams)


@pytest.mark.django_db
def test_a_corrected_or_erased_name_is_found_no_longer() -> None:
    case, agent = named("欧阳小华"), staff(Role.AGENT)
    _correct(case, {"name": "司马光"}, by=agent)
    assert (finds("欧阳", agent), finds("司马", agent)) == (set(), {case.pk})
    Consumer.objects.filter(pk=case.consumer_id).update(name_index=[])
    assert finds("司马", agent) == set()


# --- Order and page -----------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_number_comes_first_then_titles_then_the_newest() -> None:
    agent = staff(Role.AGENT)
    old_text = make_case(title="一", description="底座漏水")
    title = make_case(title="水壶漏水", description="二")
    text = make_case(title="三", description="盖子漏水")
    cases = found_cases(agent, "漏水")
    rows = best_cases(cases, "漏水", size=9).rows
    assert [row["pk"] for row in rows] == [title.pk, text.pk, old_text.pk]
    number = str(int(old_text.reference.rpartition("-")[2]))
    make_case(title=f"提到 {number}")
    found = best_cases(found_cases(agent, number), number, size=9).rows
    assert found[0]["pk"] == old_text.pk


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_of_results_show_each_once(size: int) -> None:
    agent = staff(Role.AGENT)
    for number in range(7):
        make_case(title="漏水" if number % 3 == 0 else "其他", description="底座漏水")
    cases = found_cases(agent, "漏水")
    whole = [row["pk"] for row in best_cases(cases, "漏水", size=50).rows]
    seen, after = [], None
    while True:
        page = best_cases(cases, "漏水", size=size, after=after)
        seen += [row["pk"] for row in page.rows]
        if page.following is None:
            break
        after = page.following
        assert after.rank in RANKS
    assert seen == whole and len(set(seen)) == 7


@pytest.mark.django_db
def test_page_marks_words_and_never_trusts_them(client: Client) -> None:
    client.force_login(make_user(Role.AGENT))
    make_case(title="<b>漏水</b>", description="<script>alert(1)</script> 底座漏水了")
    page = client.get(reverse("desk_search"), {"q": "漏水"}).content.decode()
    assert "&lt;b&gt;<mark>漏水</mark>&lt;/b&gt;" in page
    assert "底座<mark>漏水</mark>了" in page and "<script>alert" not in page


@pytest.mark.django_db
def test_page_tells_of_a_name_without_showing_it(client: Client) -> None:
    client.force_login(make_user(Role.AGENT))
    case = named("欧阳小华")
    page = client.get(reverse("desk_search"), {"q": "阳小"}).content.decode()
    assert case.reference in page and "消费者姓名" in page and "阳小华" not in page


@pytest.mark.django_db
def test_page_combines_words_with_filters_and_sees_no_further(client: Client) -> None:
    wanted = make_case(title="漏水", channel="phone")
    make_case(title="漏水", channel="email")
    client.force_login(make_user(Role.AGENT))
    answer = client.get(reverse("desk_search"), {"q": "漏水", "channel": "phone"})
    assert [row["pk"] for row in answer.context["rows"]] == [wanted.pk]
    assert client.get(reverse("desk_search"), {"q": "漏水", "filters": "1"}).status_code == 200
    client.force_login(make_user(Role.FINANCE))
    answer = client.get(reverse("desk_search"), {"q": "漏水"})
    assert answer.context["rows"] == [] and wanted.reference not in answer.content.decode()


@pytest.mark.django_db
def test_page_costs_eight_statements_at_most(
    client: Client, django_assert_max_num_queries, monkeypatch
) -> None:
    monkeypatch.setattr("complaints.moments._REFRESH_SECONDS", float("inf"))
    client.force_login(make_user(Role.AGENT))
    for number in range(12):
        case = make_case(title="漏水" if number % 2 else "别的", description="底座")
        write_message(case, by=Actor.consumer(), body="漏水了")
    address = reverse("desk_search") + "?q=漏水&channel=web_form"
    client.get(address)
    with django_assert_max_num_queries(8):
        assert client.get(address).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["q=%20", "q=%E2%80%8B", "q=" + "长" * 500, "q=水&after=9.x"])
def test_odd_queries_show_a_page(client: Client, query: str) -> None:
    client.force_login(make_user(Role.AGENT))
    make_case()
    assert client.get(f"{reverse('desk_search')}?{query}").status_code == 200


@pytest.mark.django_db
def test_cases_from_before_the_index_are_indexed_by_the_migration() -> None:
    case, agent = named("欧阳小华"), staff(Role.AGENT)
    write_message(case, by=Actor.consumer(), body="退款到账了吗")
    Consumer.objects.update(name_index=[])
    CaseSearch.objects.all().delete()
    assert finds("到账", agent) == finds("欧阳", agent) == set()
    fill = import_module("complaints.migrations.0072_search_fill").index_what_is_there
    fill(apps, SimpleNamespace(connection=connection))
    assert finds("到账", agent) == finds("欧阳", agent) == finds("坏了", agent) == {case.pk}


@pytest.mark.django_db
def test_the_migration_indexes_each_case_once_in_small_transactions(monkeypatch) -> None:
    migration = import_module("complaints.migrations.0072_search_fill")
    monkeypatch.setattr(migration, "BATCH", 1)
    first, second, nameless = named("欧阳小华"), named("司马光明"), named("")
    Consumer.objects.update(name_index=[])
    CaseSearch.objects.all().delete()
    for again in (False, True):
        with CaptureQueriesContext(connection) as done:
            migration.index_what_is_there(apps, SimpleNamespace(connection=connection))
        calls = [one["sql"] for one in done if "complaints_search_refresh" in one["sql"]]
        assert len(calls) == (0 if again else 1)
        names = [one["sql"] for one in done if one["sql"].startswith("UPDATE")]
        assert len(names) == (0 if again else 2)
    found = set(CaseSearch.objects.values_list("case_id", flat=True))
    assert found == {first.pk, second.pk, nameless.pk}
    assert finds("司马", staff(Role.AGENT)) == {second.pk}
    assert migration.Migration.atomic is False
