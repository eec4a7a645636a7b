"""`manage.py replay_clocks`: what it prints, and how it refuses."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.complaints.replaying import log_file, policy_data

LINES = (
    "A,in,2024-03-05T08:00Z",
    "A,wait,2024-03-05T09:00Z",
    "A,go,2024-03-05T11:00Z",
    "A,out,2024-03-05T13:00Z",
    "B,in,2024-03-05T08:00Z",
    "B,out,2024-03-05T18:00Z",
    "C,in,2024-03-05T08:00Z",
)


def run(log, policy, *arguments):
    out = StringIO()
    call_command("replay_clocks", log, *arguments, policy=policy, stdout=out)
    return out.getvalue()


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(policy_data(name="首次答复", group_by=["event"])))
    return path


def test_it_prints_one_object_as_json(tmp_path, policy):
    data = json.loads(run(log_file(tmp_path, *LINES), policy, "--json"))

    assert (data["cases"], data["events"], data["warnings"]) == (3, 7, [])
    (clock,) = data["clocks"]
    assert clock["name"] == "首次答复"
    assert [(one["case"], one["result"]) for one in clock["cases"]] == [
        ("A", "on_time"),
        ("B", "late"),
        ("C", None),
    ]
    assert clock["totals"]["on_time"] == clock["totals"]["late"] == 1
    assert clock["totals"]["as_of"]["overdue"] == 1


def test_it_tells_people_the_totals_the_groups_and_the_latest_cases(tmp_path, policy):
    text = run(log_file(tmp_path, *LINES), policy)

    assert "案件 3 件，事件 7 条" in text
    assert "按时  1 (50.0%)" in text
    assert "in：案件 3，停止 2，按时 1，超时 1" in text
    assert "B：开始 2024-03-05T08:00:00+00:00" in text
    assert "A：开始" not in text
    assert "A：开始" in run(log_file(tmp_path, *LINES), policy, "--cases")


def test_it_refuses_in_words(tmp_path, policy):
    with pytest.raises(CommandError, match="第 3 行，「time」列：「soon」读不成时间。") as caught:
        run(log_file(tmp_path, "A,in,2024-03-05", "A,out,soon"), policy)
    assert caught.value.returncode == 2

    with pytest.raises(CommandError, match="打不开文件"):
        run(tmp_path / "none.csv", policy)
    policy.write_text("{")
    with pytest.raises(CommandError, match=r"policy\.json 不是 JSON"):
        run(log_file(tmp_path, *LINES), policy)
    policy.write_text(json.dumps(policy_data(stop=None)))
    with pytest.raises(CommandError, match="试算规则的 stop：没有写这一项。"):
        run(log_file(tmp_path, *LINES), policy)
