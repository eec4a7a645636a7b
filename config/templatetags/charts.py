"""Charts drawn on the server as SVG: no script, no inline style, colours from tokens.

Each takes plain numbers and dictionaries (see docs/design-system.md), so that selectors of any app
can feed it. Geometry is in view-box units; text and strokes are sized by the style sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()

TOP, LEFT = 14, 42
RING_LENGTH = 100


@dataclass(frozen=True)
class Plot:
    """The drawing area of one chart: outer size, right end of the data, scale."""

    width: int
    height: int
    right: int
    low: float
    high: float

    @property
    def floor(self) -> int:
        """Give the height of the base line."""
        return self.height - 30

    def y(self, value: float) -> float:
        """Give the height of a value."""
        span = (self.high - self.low) or 1
        return TOP + (self.floor - TOP) * (1 - (value - self.low) / span)


def near(value: float) -> str:
    """Write a coordinate briefly."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def nice_top(highest: float) -> float:
    """Give a round upper end of a scale of four equal parts, at least the highest value."""
    if highest <= 4:
        return 4
    size = 10 ** floor(log10(highest))
    for factor in (1, 2, 3, 4, 5, 6, 8, 10):
        if factor * size >= highest and (factor * size) % 4 == 0:
            return factor * size
    return ceil(highest / (4 * size)) * 4 * size


def grid(plot: Plot, unit: str = "") -> SafeString:
    """Draw five horizontal lines with their values."""
    steps = [plot.low + (plot.high - plot.low) * part / 4 for part in range(5)]
    rows = [(near(plot.y(step)), near(plot.y(step) + 4), f"{step:g}{unit}") for step in steps]
    end = plot.width - 8
    return format_html_join(
        "",
        '<line class="rd-axis" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text x="{}" y="{}" text-anchor="end">{}</text>',
        ((LEFT, end, y, y, LEFT - 8, text_y, words) for y, text_y, words in rows),
    )


def labels(plot: Plot, places: Sequence[tuple[float, str]]) -> SafeString:
    """Write labels under the plot, left out where they would touch; the last one always stays."""
    every = ceil(len(places) / 7) or 1
    last = len(places) - 1
    kept = [p for i, p in enumerate(places) if i == last or (i % every == 0 and last - i >= every)]
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        ((near(x), plot.height - 8, words) for x, words in kept),
    )


# --- Stacked bars -------------------------------------------------------------------------------
def bar_segments(plot: Plot, values: Sequence[float], x: float, width: float) -> SafeString:
    """Draw one bar from the bottom up, a gap of one unit between its parts."""
    shapes, base = [], 0.0
    for index, value in enumerate(values, start=1):
        if value > 0:
            top, bottom = plot.y(base + value), plot.y(base)
            shapes.append((index, near(x), near(top), near(width), near(max(bottom - top - 1, 1))))
        base += value
    return format_html_join(
        "", '<rect class="rd-series-{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>', shapes
    )


def bar_words(bar: Mapping[str, Any], series: Sequence[str]) -> str:
    """Say what a bar shows, for its label and its tooltip."""
    pairs = zip(series, bar["values"], strict=True)
    parts = gettext("、").join(f"{name} {value:g}" for name, value in pairs if value)
    words = {"label": bar["label"], "total": f"{sum(bar['values']):g}", "parts": parts or "0"}
    return gettext("%(label)s：共 %(total)s（%(parts)s）") % words


def one_bar(
    plot: Plot, bar: Mapping[str, Any], *, middle: float, slot: float, words: str
) -> SafeString:
    """Draw one bar with its tooltip, as a link where it has an address."""
    width = min(slot * 0.54, 44)
    inside = format_html(
        '<title>{}</title><rect class="rd-hit" x="{}" y="{}" width="{}" height="{}"/>{}',
        words, near(middle - slot / 2), TOP, near(slot), plot.floor - TOP,
        bar_segments(plot, bar["values"], middle - width / 2, width),
    )  # fmt: skip
    if not bar.get("href"):
        return format_html("<g>{}</g>", inside)
    return format_html('<a href="{}" aria-label="{}">{}</a>', bar["href"], words, inside)


@register.simple_tag
def stacked_bars(chart: Mapping[str, Any]) -> SafeString:
    """Draw stacked bars; a bar with an `href` is a link to the cases behind it."""
    bars, series = chart["bars"], [str(name) for name in chart["series"]]
    high = nice_top(max((sum(bar["values"]) for bar in bars), default=0))
    plot = Plot(width=720, height=240, right=712, low=0, high=high)
    slot = (plot.right - LEFT) / (len(bars) or 1)
    middles = [LEFT + slot * (index + 0.5) for index in range(len(bars))]
    drawn = [
        (one_bar(plot, bar, middle=middle, slot=slot, words=bar_words(bar, series)),)
        for bar, middle in zip(bars, middles, strict=True)
    ]
    return format_html(
        '<svg class="rd-chart" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}{}</svg>',
        plot.width, plot.height, chart["title"], grid(plot), format_html_join("", "{}", drawn),
        labels(plot, [(x, str(bar["label"])) for x, bar in zip(middles, bars, strict=True)]),
    )  # fmt: skip


# --- Line with target ---------------------------------------------------------------------------
def line_scale(chart: Mapping[str, Any]) -> tuple[float, float]:
    """Give the ends of a line chart's scale: as told, else from the values."""
    values = [float(point["value"]) for point in chart["points"] if point["value"] is not None]
    if chart.get("target") is not None:
        values.append(float(chart["target"]))
    low = float(chart["low"]) if chart.get("low") is not None else 0.0
    high = chart.get("high")
    return low, float(high) if high is not None else nice_top(max(values, default=0))


def target_line(plot: Plot, chart: Mapping[str, Any]) -> SafeString:
    """Draw the target as a dashed line with its words."""
    if chart.get("target") is None:
        return SafeString()
    y, unit = plot.y(float(chart["target"])), chart.get("unit", "")
    words = gettext("目标 %(target)s") % {"target": f"{float(chart['target']):g}{unit}"}
    return format_html(
        '<line class="rd-target" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="rd-target-text" x="{}" y="{}">{}</text>',
        LEFT, plot.width - 8, near(y), near(y), LEFT + 6, near(y - 6), words,
    )  # fmt: skip


def last_point(places: Sequence[tuple[float, float, float]], unit: str) -> SafeString:
    """Mark the newest value and write it."""
    if not places:
        return SafeString()
    x, y, value = places[-1]
    return format_html(
        '<circle class="rd-point" cx="{}" cy="{}" r="4"/>'
        '<text class="rd-value-text" x="{}" y="{}" text-anchor="end">{}</text>',
        near(x), near(y), near(x + 26), near(max(y - 10, 11)), f"{value:g}{unit}",
    )  # fmt: skip


def point_links(plot: Plot, chart: Mapping[str, Any], slot: float) -> SafeString:
    """Lay an invisible link over each point that has an address."""
    rows, unit = [], chart.get("unit", "")
    for index, point in enumerate(chart["points"]):
        if point.get("href") and point["value"] is not None:
            words = f"{point['label']} {float(point['value']):g}{unit}"
            x = near(LEFT + slot * (index - 0.5))
            rows.append((point["href"], words, words, x, TOP, near(slot), plot.floor - TOP))
    return format_html_join(
        "",
        '<a href="{}" aria-label="{}"><title>{}</title>'
        '<rect class="rd-hit" x="{}" y="{}" width="{}" height="{}"/></a>',
        rows,
    )


def area_under(plot: Plot, places: Sequence[tuple[float, float, float]], path: str) -> str:
    """Close the line down to the base, for the tinted area."""
    if not places:
        return ""
    first, last = places[0][0], places[-1][0]
    return f"{near(first)},{plot.floor} {path} {near(last)},{plot.floor}"


@register.simple_tag
def line_chart(chart: Mapping[str, Any]) -> SafeString:
    """Draw a line with its area, an optional target, and the newest value; gaps are skipped."""
    points, unit = chart["points"], chart.get("unit", "")
    low, high = line_scale(chart)
    plot = Plot(width=520, height=270, right=494, low=low, high=high)
    slot = (plot.right - LEFT) / max(len(points) - 1, 1)
    middles = [LEFT + slot * index for index in range(len(points))]
    places = [
        (x, plot.y(float(point["value"])), float(point["value"]))
        for x, point in zip(middles, points, strict=True)
        if point["value"] is not None
    ]
    path = " ".join(f"{near(x)},{near(y)}" for x, y, _ in places)
    return format_html(
        '<svg class="rd-chart rd-chart-narrow" viewBox="0 0 {} {}" role="group" aria-label="{}">'
        '{}<polygon class="rd-line-area" points="{}"/>{}{}'
        '<polyline class="rd-line-path" points="{}"/>{}{}</svg>',
        plot.width, plot.height, chart["title"], point_links(plot, chart, slot),
        area_under(plot, places, path), grid(plot, unit), target_line(plot, chart), path,
        last_point(places, unit),
        labels(plot, [(x, str(p["label"])) for x, p in zip(middles, points, strict=True)]),
    )  # fmt: skip


# --- Small ones ---------------------------------------------------------------------------------
@register.simple_tag
def sparkline(values: Sequence[float]) -> SafeString:
    """Draw a small trend without axes; decoration beside a figure, so hidden from readers."""
    if len(values) < 2:
        return SafeString()
    low, high = min(values), max(values)
    step = 200 / (len(values) - 1)
    heights = [31 - 28 * (float(value) - low) / ((high - low) or 1) for value in values]
    path = " ".join(f"{near(step * i)},{near(y)}" for i, y in enumerate(heights))
    return format_html(
        '<svg class="rd-spark" viewBox="0 0 200 34" preserveAspectRatio="none" aria-hidden="true">'
        '<polygon class="rd-spark-area" points="0,34 {} 200,34"/>'
        '<polyline class="rd-spark-line" points="{}"/></svg>',
        path,
        path,
    )


@register.simple_tag
def ring(percent: float, tone: str = "brand") -> SafeString:
    """Draw a ring filled clockwise from the top; the words beside it carry the meaning."""
    filled = min(max(float(percent or 0), 0), 100)
    return format_html(
        '<svg class="rd-ring" viewBox="0 0 72 72" aria-hidden="true">'
        '<circle class="rd-ring-track" cx="36" cy="36" r="31"/>'
        '<circle class="rd-ring-{}" cx="36" cy="36" r="31" pathLength="{}" '
        'stroke-dasharray="{} {}" stroke-linecap="{}" transform="rotate(-90 36 36)"/></svg>',
        tone, RING_LENGTH, near(filled), RING_LENGTH, "round" if filled else "butt",
    )  # fmt: skip


@register.simple_tag
def meter(value: float, most: float, tone: str = "brand") -> SafeString:
    """Draw a bar of `value` out of `most`; the words under it carry the meaning."""
    part = 100 * min(max(float(value) / (float(most) or 1), 0), 1)
    return format_html(
        '<svg class="rd-meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="rd-meter-track" width="100" height="8"/>'
        '<rect class="rd-meter-{}" width="{}" height="8"/></svg>',
        tone,
        near(part),
    )
