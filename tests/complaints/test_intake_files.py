"""Files of the form: several at once, a refused one named and harming no other, taken off again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Case, Evidence, IntakeDraft
from tests.complaints.intake_steps import (
    STEPS,
    fill_form,
    page_as_picture,
    picture,
    post_step,
    send_form,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_story(client: Client) -> Client:
    for step in ("product", "problem"):
        post_step(client, step)
    return client


def test_plain_form_uploads_several_and_keeps_what_was_typed(at_story: Client) -> None:
    response = at_story.post(
        reverse("intake:step", args=["story"]),
        {"description": "写到一半", "upload": "1", "files": [picture("一.png"), picture("二.png")]},
    )

    assert response.status_code == 303
    assert response.url == reverse("intake:step", args=["story"]) + "#files"
    text = at_story.get(reverse("intake:step", args=["story"])).content.decode()
    assert "写到一半" in text and "一.png" in text and "二.png" in text


def test_refused_file_is_named_and_holds_up_no_other(at_story: Client) -> None:
    response = at_story.post(
        reverse("intake:step", args=["story"]),
        {**STEPS["story"], "files": [page_as_picture(), picture("好的.png")]},
    )

    text = response.content.decode()
    assert response.status_code == 422
    assert "「脚本.jpg」" in text and 'href="#files"' in text
    assert [e.file.original_name for e in Evidence.objects.select_related("file")] == ["好的.png"]


def test_each_file_of_a_script_is_answered_with_a_row(at_story: Client) -> None:
    good = at_story.post(
        reverse("intake:upload"),
        {"files": picture()},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    bad = at_story.post(reverse("intake:upload"), {"files": page_as_picture()})

    assert good.status_code == 200 and good.content.decode().count("<li") == 1
    assert bad.status_code == 422 and "rd-file-refused" in bad.content.decode()


def test_file_can_be_taken_off_without_scripts_and_answers_stay(at_story: Client) -> None:
    at_story.post(reverse("intake:upload"), {"files": picture()})
    url = reverse("intake:file_delete", args=[Evidence.objects.get().pk])

    response = at_story.post(url, {"description": "还在"})

    assert response.status_code == 303
    assert not Evidence.objects.exists()
    assert "还在" in at_story.get(reverse("intake:step", args=["story"])).content.decode()


def test_taking_off_by_script_does_not_touch_the_answers(at_story: Client) -> None:
    at_story.post(reverse("intake:autosave", args=["story"]), {"description": "还在"})
    at_story.post(reverse("intake:upload"), {"files": picture()})
    url = reverse("intake:file_delete", args=[Evidence.objects.get().pk])

    response = at_story.post(url, headers={"X-Requested-With": "XMLHttpRequest"})

    assert response.status_code == 204
    assert "还在" in at_story.get(reverse("intake:step", args=["story"])).content.decode()


def test_files_of_another_draft_are_out_of_reach(at_story: Client) -> None:
    at_story.post(reverse("intake:upload"), {"files": picture()})
    evidence = Evidence.objects.get()
    stranger = Client()
    post_step(stranger, "product")

    stranger.post(reverse("intake:file_delete", args=[evidence.pk]))

    assert Evidence.objects.filter(pk=evidence.pk).exists()
    thumb = reverse("intake:file_thumb", args=[evidence.pk])
    assert stranger.get(thumb).status_code == 404
    assert at_story.get(thumb).status_code == 200


def test_files_become_evidence_of_the_case(client: Client) -> None:
    fill_form(client)
    client.post(reverse("intake:upload"), {"files": [picture("a.png"), picture("b.png")]})
    send_form(client)

    case = Case.objects.get()
    assert [e.file.original_name for e in case.evidence.order_by("id")] == ["a.png", "b.png"]


def test_thrown_away_draft_takes_its_list_of_files_along(at_story: Client) -> None:
    at_story.post(reverse("intake:upload"), {"files": picture()})

    at_story.post(reverse("intake:discard"))

    assert not Evidence.objects.exists() and not IntakeDraft.objects.exists()
