"""Forms as they stand on a page: filled only with what the page offers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


class PageProblem(AssertionError):
    """The page doesn't offer what a person would need."""


def tidy(words: str) -> str:
    """Words with single spaces, as they are read."""
    return re.sub(r"\s+", " ", words).strip()


@dataclass(frozen=True)
class Label:
    """Choose the option that is called so (or that begins so), whatever its value."""

    words: str


@dataclass
class Option:
    """One choice of a select, a group of radio buttons or of checkboxes."""

    value: str
    label: str = ""
    chosen: bool = False


@dataclass
class Field:
    """One name of a form with what it holds."""

    name: str
    kind: str
    value: str = ""
    options: list[Option] = field(default_factory=list)

    def option(self, wanted: Any) -> Option:
        """The option with a value, or with a Label."""
        for option in self.options:
            if isinstance(wanted, Label):
                if tidy(option.label).startswith(wanted.words):
                    return option
            elif option.value == str(wanted):
                return option
        offered = [(option.value, tidy(option.label)) for option in self.options]
        raise PageProblem(f"{self.name!r} has no option {wanted!r}, only {offered}")


@dataclass
class Button:
    """Something to press."""

    words: str = ""
    name: str = ""
    value: str = ""
    action: str = ""
    disabled: bool = False
    label: str = ""


@dataclass
class Link:
    """Somewhere to go."""

    href: str
    words: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass
class Form:
    """A form as it stands on the page, to be filled and sent."""

    url: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)
    files: dict[str, Any] = field(default_factory=dict)
    identity: str = ""

    def fill(self, answers: dict[str, Any]) -> None:
        """Type, choose, tick and attach; only what the page offers."""
        for name, answer in answers.items():
            if name not in self.fields:
                raise PageProblem(f"the form has no field {name!r}, only {sorted(self.fields)}")
            self._fill_one(self.fields[name], answer)

    def _fill_one(self, place: Field, answer: Any) -> None:
        if place.kind == "file":
            self.files[place.name] = answer
        elif place.kind in {"checkbox", "multiple"} and not isinstance(answer, bool):
            chosen = [place.option(each) for each in answer]
            for option in place.options:
                option.chosen = option in chosen
        elif place.kind == "checkbox":
            for option in place.options:
                option.chosen = answer
        elif place.kind in {"radio", "select"}:
            chosen_one = place.option(answer)
            for option in place.options:
                option.chosen = option is chosen_one
        elif place.kind == "hidden":
            raise PageProblem(f"{place.name!r} is hidden; a person can't type into it")
        else:
            place.value = str(answer)

    def button(self, words: str) -> Button:
        """The button that says so; it must not be disabled."""
        for button in self.buttons:
            if button.words.startswith(words):
                if button.disabled:
                    raise PageProblem(f"{words!r} can't be pressed")
                return button
        raise PageProblem(f"no button {words!r}, only {[b.words for b in self.buttons]}")

    def sent(self, button: Button) -> dict[str, Any]:
        """What a browser would send when the button is pressed."""
        data: dict[str, Any] = {}
        for place in self.fields.values():
            if place.kind in {"checkbox", "multiple"}:
                values = [option.value for option in place.options if option.chosen]
                if values:
                    data[place.name] = values
            elif place.kind in {"radio", "select"}:
                chosen = [option.value for option in place.options if option.chosen]
                if chosen:
                    data[place.name] = chosen[-1]
            elif place.kind != "file":
                data[place.name] = place.value
        if button.name:
            data[button.name] = button.value
        return {**data, **self.files}
