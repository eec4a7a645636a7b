"""Charts drawn on the server."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from config.templatetags import charts, icons

BARS: dict[str, Any] = {
    "title": "每周投诉量",
    "series": ["退款", "调解"],
    "bars": [
        {"label": "09-01", "values": [30, 12], "href": "/cases/?week=1"},
        {"label": "09-08", "values": [0, 8]},
    ],
}
LINE: dict[str, Any] = {
    "title": "按时完成率", "unit": "%", "target": 95, "low": 80, "high": 100,
    "points": [{"label": "09-01", "value": 88}, {"label": "09-08", "value": None},
               {"label": "09-15", "value": 96.4, "href": "/cases/"}],
}  # fmt: skip


def parsed(drawing: str) -> ElementTree.Element:
    """Read a drawing; fails if it is not well formed."""
    return ElementTree.fromstring(drawing)


def numbers(drawing: str) -> list[float]:
    """Give every coordinate of a drawing."""
    return [float(n) for n in re.findall(r'(?:x|y|width|height|cx|cy)="(-?[\d.]+)"', drawing)]


def test_bar_with_an_address_is_a_link_that_says_what_it_shows() -> None:
    links = parsed(charts.stacked_bars(BARS)).findall("a")

    assert [link.get("href") for link in links] == ["/cases/?week=1"]
    assert links[0].get("aria-label") == "09-01：共 42（退款 30、调解 12）"


def test_bar_leaves_out_parts_of_zero() -> None:
    drawing = charts.stacked_bars(BARS)

    assert drawing.count('class="rd-series-1"') == 1
    assert drawing.count('class="rd-series-2"') == 2


def test_parts_of_a_bar_stand_on_each_other() -> None:
    first = parsed(charts.stacked_bars(BARS)).find("a")
    assert first is not None
    below, above = (r for r in first.findall("rect") if "rd-hit" not in r.get("class", ""))

    bottom_of_upper = float(above.get("y", 0)) + float(above.get("height", 0))
    assert bottom_of_upper <= float(below.get("y", 0))
    assert float(below.get("y", 0)) - bottom_of_upper == pytest.approx(1, abs=0.2)


def test_line_skips_gaps_and_marks_the_newest_value_and_the_target() -> None:
    drawing = charts.line_chart(LINE)
    line = parsed(drawing).find("polyline")

    assert line is not None
    assert len(line.get("points", "").split()) == 2
    assert "96.4%" in drawing
    assert "目标 95%" in drawing


def test_charts_escape_what_people_wrote() -> None:
    drawing = charts.stacked_bars({**BARS, "title": "<b>", "series": ["<i>", "调解"]})

    assert "<b>" not in drawing
    assert "<i>" not in drawing


@pytest.mark.parametrize("draw", [charts.stacked_bars, charts.line_chart])
def test_charts_without_data_still_draw_their_grid(draw: Any) -> None:
    empty = {"title": "空", "series": [], "bars": [], "points": []}

    assert len(parsed(draw(empty)).findall("line")) == 5


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=2, max_size=2), max_size=30))
def test_bars_stay_inside_the_drawing(values: list[list[int]]) -> None:
    bars = [{"label": str(i), "values": pair} for i, pair in enumerate(values)]

    drawing = charts.stacked_bars({**BARS, "bars": bars})

    assert all(-1 <= n <= 721 for n in numbers(drawing))


@given(st.floats(0, 10**9, allow_nan=False))
def test_scale_ends_at_or_above_the_highest_value(highest: float) -> None:
    assert charts.nice_top(highest) >= highest


def test_sparkline_needs_two_values_and_is_hidden_from_readers() -> None:
    assert charts.sparkline([5]) == ""
    assert parsed(charts.sparkline([5, 5, 5])).get("aria-hidden") == "true"


@pytest.mark.parametrize(("percent", "filled"), [(60, "60 100"), (140, "100 100"), (-5, "0 100")])
def test_ring_is_filled_between_nothing_and_all(percent: float, filled: str) -> None:
    assert f'stroke-dasharray="{filled}"' in charts.ring(percent, "warn")


def test_meter_never_leaves_its_track() -> None:
    assert 'width="100"' in charts.meter(19, 17, "danger")
    assert 'width="0"' in charts.meter(0, 0)


def test_icon_is_hidden_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in icons.icon("scale")
    labelled = Template('{% load icons %}{% icon "scale" "s" "责任" %}').render(Context())
    assert 'aria-label="责任" role="img"' in labelled
    assert "rd-icon-s" in labelled


def test_unknown_icon_is_an_error() -> None:
    with pytest.raises(icons.UnknownIconError, match="no-such-icon"):
        icons.icon("no-such-icon")


@pytest.mark.parametrize("name", ["scale", "flame", "inbox"])
def test_icon_is_well_formed_and_carries_no_style(name: str) -> None:
    drawing = icons.icon(name)

    assert len(parsed(drawing)) > 0
    assert "style=" not in drawing
