"""Parts and shells rendered without a browser."""

import re
from typing import Any

import pytest
from django import forms
from django.forms import formset_factory
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from config.gallery.forms import PartsForm, StoryForm
from config.templatetags import forms_present


def part(name: str, **context: Any) -> str:
    """Render one part."""
    return re.sub(r"\s+", " ", render_to_string(f"_parts/{name}.html", context))


def shell(name: str, cookies: dict[str, str] | None = None, **context: Any) -> str:
    """Render a shell for a visitor with these cookies."""
    request = RequestFactory().get("/somewhere/?q=1")
    request.COOKIES = cookies or {}
    return Template(f'{{% extends "{name}" %}}').render(Context({"request": request, **context}))


def test_field_names_hint_and_error_for_readers() -> None:
    form = StoryForm({"danger": "yes"})

    drawn = part("field", field=form["happened_on"])

    assert 'aria-describedby="id_happened_on_helptext id_happened_on_error"' in drawn
    assert 'id="id_happened_on_error"' in drawn
    assert "请选择问题发生的日期" in drawn


def test_optional_fields_say_so_and_required_ones_carry_no_mark() -> None:
    form = PartsForm()

    assert "（选填）" in part("field", field=form["email"])
    assert "（选填）" not in part("field", field=form["name"])
    assert "（选填）" not in part("field", field=form["email"], hide_optional=True)


def test_choices_carry_their_hints_and_none_is_chosen() -> None:
    drawn = part("field", field=StoryForm()["danger"])

    assert "按紧急情况处理" in drawn
    assert "checked" not in drawn


def test_consent_is_never_ticked_beforehand() -> None:
    assert "checked" not in part("field", field=PartsForm()["consent"], card=True)


def test_error_summary_leads_to_fields_and_to_the_first_of_a_group() -> None:
    drawn = part("error_summary", form=StoryForm({}))

    assert "有 3 处需要修改" in drawn
    assert 'href="#id_happened_on"' in drawn
    assert 'href="#id_danger_0"' in drawn


def test_error_summary_is_silent_without_errors() -> None:
    assert part("error_summary", form=StoryForm()).strip() == ""


def test_problems_are_gathered_from_formsets_and_lists() -> None:
    formset = formset_factory(StoryForm, extra=1, min_num=1, validate_min=True)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}

    found = forms_present.problems(formset(data), [{"href": "#x", "text": "请补充"}], None)

    assert found[-1] == {"href": "#x", "text": "请补充"}
    assert {"href": "#id_form-0-happened_on", "text": "请选择问题发生的日期"} in found


@pytest.mark.parametrize(
    ("widget", "kind"),
    [(forms.RadioSelect, "radios"), (forms.CheckboxSelectMultiple, "ticks"),
     (forms.CheckboxInput, "tick"), (forms.Textarea, "textarea"), (forms.Select, "select"),
     (forms.TextInput, "input"), (forms.EmailInput, "input"), (forms.HiddenInput, "hidden")],
)  # fmt: skip
def test_widget_decides_how_a_field_is_drawn(widget: type[forms.Widget], kind: str) -> None:
    form = forms.Form()
    form.fields["x"] = forms.CharField(widget=widget)

    assert forms_present.control_kind(form["x"]) == kind


def test_plan_card_chooses_nothing_by_itself() -> None:
    plan = {"value": "refund", "title": "全额退款", "total": "¥1,437.00", "lines": []}

    assert "checked" not in part("plan_card", plan=plan)
    assert "checked" in part("plan_card", plan=plan, checked=True)
    assert "<input" not in part("plan_card", plan=plan, closed=True)


def test_button_says_why_it_cannot_be_pressed() -> None:
    drawn = part("button", label="提交", disabled_reason="比例合计还差 10%")

    assert " disabled>" in drawn
    assert "比例合计还差 10%" in drawn


def test_empty_answers_are_written_as_not_given() -> None:
    drawn = part("summary_list", rows=[{"label": "订单号", "value": "", "href": "/1/"}])

    assert "未填写" in drawn
    assert 'href="/1/"' in drawn


def test_internal_notes_carry_the_word_besides_the_colour() -> None:
    message = {"author": "赵启", "text": "同批另有 7 起", "kind": "internal"}

    assert "内部" in part("message", message=message)


def test_parts_escape_what_people_wrote() -> None:
    message = {"author": "<b>", "text": "<script>x</script>", "kind": "consumer"}

    drawn = part("message", message=message)

    assert "<b>" not in drawn
    assert "<script>" not in drawn


@pytest.mark.parametrize("name", ["base.html", "base_consumer.html", "base_desk.html"])
def test_shells_have_a_language_a_skip_link_and_one_main(name: str) -> None:
    drawn = shell(name)

    assert '<html lang="zh-Hans">' in drawn
    assert 'href="#main"' in drawn
    assert drawn.count("<main") == 1


@pytest.mark.parametrize("name", ["base_consumer.html", "base_desk.html"])
def test_theme_comes_from_the_cookie_and_only_known_ones_count(name: str) -> None:
    assert 'data-theme="dark"' in shell(name, {"theme": "dark"})
    assert "data-theme=" not in shell(name, {"theme": '"><script>'}).partition("<head>")[0]


def test_single_keys_stay_off_where_they_were_turned_off() -> None:
    assert "rd-keys-off" in shell("base_desk.html", {"keys": "off"})
    assert "rd-keys-off" not in shell("base_desk.html")


def test_title_of_a_page_with_errors_begins_with_their_number() -> None:
    assert "<title>有 3 处需要修改 - " in shell("base_consumer.html", form=StoryForm({}))


def test_htmx_evaluates_nothing_and_swaps_refused_forms() -> None:
    drawn = shell("base.html")

    assert '"allowEval":false' in drawn
    assert '"includeIndicatorStyles":false' in drawn
    assert '{"code":"422","swap":true}' in drawn


def test_language_switch_is_a_plain_form_that_returns_here() -> None:
    drawn = shell("base_consumer.html")

    assert 'name="language" value="en"' in drawn
    assert 'name="next" value="/somewhere/?q=1"' in drawn
