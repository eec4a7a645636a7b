"""Logs: one JSON object a line, nothing that names a person."""

import ast
import json
import logging
import sys
from pathlib import Path

import pytest
import structlog

from config.logs import CARRIED, MASK, logging_config, without_personal_data

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "secret",
    [
        "zhou@example.test",
        "13812345678",
        "+8613812345678",
        "11010519491231002X",
        "kX3v9QmZ0aLw7RtY2bNc8D",
        "eyJhbGciOiJIUzI1NiJ9-abcDEF0123456789",
    ],
)
def test_personal_data_is_removed(secret: str) -> None:
    event = without_personal_data(None, "info", {"event": f"Not Found: /t/{secret}/ 投诉"})

    assert event == {"event": f"Not Found: /t/{MASK}/ 投诉"}


@pytest.mark.parametrize(
    "harmless",
    [
        "Task f81d4fae-7dec-11d0-a765-00a0c91e6bf6 succeeded in 0.12345678901234567s",
        "complaints.tasks.sweep_clocks",
        "CP-20261122-00017",
        "a_long_name_of_a_python_function_without_digits",
    ],
)
def test_what_helps_an_operator_stays(harmless: str) -> None:
    assert without_personal_data(None, "info", {"event": harmless}) == {"event": harmless}


def test_a_line_is_one_json_object() -> None:
    formatter_settings = logging_config(level="INFO")["formatters"]["json"]
    formatter = formatter_settings.pop("()")(**formatter_settings)
    record = logging.LogRecord("redress", logging.INFO, "", 0, "写给 %s", ("a@b.example",), None)

    line = json.loads(formatter.format(record))

    assert (line["event"], line["level"], line["logger"]) == (f"写给 {MASK}", "info", "redress")


def test_exceptions_are_masked_too() -> None:
    formatter_settings = logging_config(level="INFO")["formatters"]["json"]
    formatter = formatter_settings.pop("()")(**formatter_settings)
    try:
        raise ValueError("13812345678")
    except ValueError as error:
        failure = (type(error), error, error.__traceback__)
    record = logging.LogRecord("redress", logging.ERROR, "", 0, "no", (), failure)

    line = json.loads(formatter.format(record))

    assert MASK in line["exception"]
    assert "13812345678" not in line["exception"]
    assert structlog.is_configured()


def test_what_our_messages_carry_is_written_and_others_requests_are_not() -> None:
    formatter_settings = logging_config(level="INFO")["formatters"]["json"]
    formatter = formatter_settings.pop("()")(**formatter_settings)
    record = logging.LogRecord("redress", logging.ERROR, "", 0, "timer_failed", (), None)
    record.timer, record.request = 7, "<WSGIRequest: GET '/t/secret/'>"

    line = json.loads(formatter.format(record))

    assert line["timer"] == 7
    assert "secret" not in json.dumps(line)


def test_every_field_that_our_messages_carry_is_let_through() -> None:
    given = {
        key.value
        for path in ROOT.glob("*/**/*.py")
        if path.relative_to(ROOT).parts[0] not in {"tests", ".venv", "var"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword)
        and node.arg == "extra"
        and isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    }

    assert "timer" in given
    assert given <= set(CARRIED)


def test_the_row_that_the_database_refused_is_not_logged() -> None:
    formatter_settings = logging_config(level="INFO")["formatters"]["json"]
    formatter = formatter_settings.pop("()")(**formatter_settings)
    refusal = (
        'new row violates check constraint "complaints_x"\n'
        "DETAIL:  Failing row contains (7, 我叫张伟民，家住学院路 30 号。\n水壶漏水, null).\n"
    )
    try:
        try:
            raise ValueError(refusal)
        except ValueError as error:
            raise RuntimeError(refusal) from error
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "timer_failed", (), sys.exc_info())
        line = formatter.format(record)

    assert "张伟民" not in line and "水壶" not in line
    assert "complaints_x" in line and "RuntimeError" in line
