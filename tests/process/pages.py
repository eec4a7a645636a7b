"""Pages as a person meets them: what they say, where they lead, and the forms that they offer.

A form is filled only with what the page offers: an unknown field, an option that is not listed, or
a button that is not there fails the test, as it would stop a person.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from tests.process.forms import Button, Field, Form, Label, Link, Option, PageProblem, tidy

__all__ = ["Button", "Form", "Label", "Page", "PageProblem"]
VOID_TAGS = "area base br col embed hr img input link meta source track wbr path use circle rect"
VOID = frozenset(VOID_TAGS.split(" "))
SILENT = frozenset({"script", "style", "template", "title"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[Link] = []
        self.words: list[str] = []
        self.headings: list[str] = []
        self.errors: list[str] = []
        self.summary = ""
        self.title = ""
        self.lang = ""
        self.by_id: dict[str, str] = {}
        self._open: list[tuple[str, Any]] = []
        self._controls: list[tuple[str, str, dict[str, str]]] = []

    # --- where we are ---------------------------------------------------------------------------
    def _inside(self, *tags: str) -> bool:
        return any(tag in tags for tag, _thing in self._open)

    def _nearest(self, kind: type) -> Any:
        return next(
            (thing for _tag, thing in reversed(self._open) if isinstance(thing, kind)), None
        )

    def _form(self, attributes: dict[str, str]) -> Form | None:
        if "form" in attributes:
            return next((f for f in self.forms if f.identity == attributes["form"]), None)
        return self._nearest(Form)

    # --- reading --------------------------------------------------------------------------------
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        thing = None if self._inside("template") else self._begin(tag, attributes)
        if tag not in VOID:
            self._open.append((tag, thing))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._inside("template"):
            self._begin(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if any(open_tag == tag for open_tag, _thing in self._open):
            while self._open and self._open.pop()[0] != tag:
                pass

    def _begin(self, tag: str, attributes: dict[str, str]) -> Any:
        begin = getattr(self, f"_begin_{tag}", None)
        if begin is not None:
            return begin(attributes)
        kinds = attributes.get("class", "").split()
        if "rd-error" in kinds:
            self.errors.append("")
            return ("error", len(self.errors) - 1)
        return ("summary", 0) if "rd-error-summary" in kinds else None

    def _begin_html(self, attributes: dict[str, str]) -> None:
        self.lang = attributes.get("lang", "")

    def _begin_form(self, attributes: dict[str, str]) -> Form:
        method = attributes.get("method", "get").lower()
        form = Form(attributes.get("action", ""), method, identity=attributes.get("id", ""))
        self.forms.append(form)
        return form

    def _begin_a(self, attributes: dict[str, str]) -> Link | None:
        if "href" not in attributes:
            return None
        link = Link(attributes["href"], attributes=attributes)
        self.links.append(link)
        return link

    def _begin_h1(self, attributes: dict[str, str]) -> tuple[str, int]:
        self.headings.append("")
        return ("heading", len(self.headings) - 1)

    def _begin_label(self, attributes: dict[str, str]) -> tuple[str, str]:
        self.by_id.setdefault(attributes.get("for", ""), "")
        return ("label", attributes.get("for", ""))

    def _begin_input(self, attributes: dict[str, str]) -> None:
        form, kind = self._form(attributes), attributes.get("type", "text")
        if form is None or kind in {"button", "reset", "image"}:
            return
        if kind == "submit":
            form.buttons.append(_button(attributes, words=attributes.get("value", "")))
        elif "name" in attributes and "disabled" not in attributes:
            _add_input(form, kind, attributes)
            self._controls.append((form_key(form), attributes.get("id", ""), attributes))

    def _begin_button(self, attributes: dict[str, str]) -> Button | None:
        form = self._form(attributes)
        if form is None or attributes.get("type", "submit") != "submit" or "hidden" in attributes:
            return None
        form.buttons.append(_button(attributes))
        return form.buttons[-1]

    def _begin_textarea(self, attributes: dict[str, str]) -> Field | None:
        form = self._form(attributes)
        if form is None or "name" not in attributes:
            return None
        form.fields[attributes["name"]] = Field(attributes["name"], "textarea")
        return form.fields[attributes["name"]]

    def _begin_select(self, attributes: dict[str, str]) -> Field | None:
        form = self._form(attributes)
        if form is None or "name" not in attributes:
            return None
        kind = "multiple" if "multiple" in attributes else "select"
        form.fields[attributes["name"]] = Field(attributes["name"], kind)
        return form.fields[attributes["name"]]

    def _begin_option(self, attributes: dict[str, str]) -> Option | None:
        place = self._nearest(Field)
        if place is None:
            return None
        option = Option(attributes.get("value", ""), chosen="selected" in attributes)
        place.options.append(option)
        return option

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "title" and not self._inside("svg"):
            self.title += data
        if self._inside(*SILENT):
            return
        self.words.append(data)
        for _tag, thing in self._open:
            if isinstance(thing, Link | Button):
                thing.words += data
            elif isinstance(thing, Option):
                thing.label += data
            elif isinstance(thing, Field) and thing.kind == "textarea":
                thing.value += data
            elif isinstance(thing, tuple):
                self._say(*thing, data)

    def _say(self, kind: str, key: Any, data: str) -> None:
        if kind == "heading":
            self.headings[key] += data
        elif kind == "error":
            self.errors[key] += data
        elif kind == "summary":
            self.summary += data
        else:
            self.by_id[key] += data

    def finish(self) -> None:
        """Give radio buttons their labels, selects their first option, words one space."""
        for form in self.forms:
            for place in form.fields.values():
                if place.kind == "select" and not any(o.chosen for o in place.options):
                    for option in place.options[:1]:
                        option.chosen = True
                if place.kind == "textarea":
                    place.value = place.value.removeprefix("\n")
                for option in place.options:
                    option.label = option.label or self._label_of(form, place, option)
            for button in form.buttons:
                button.words = tidy(button.words) or button.label
        for link in self.links:
            link.words = tidy(link.words) or link.attributes.get("aria-label", "")

    def _label_of(self, form: Form, place: Field, option: Option) -> str:
        for key, identity, attributes in self._controls:
            same = key == form_key(form) and attributes.get("name") == place.name
            if same and attributes.get("value", "on") == option.value:
                return self.by_id.get(identity, "")
        return ""


def form_key(form: Form) -> str:
    """What tells one form of a page from another."""
    return str(id(form))


def _button(attributes: dict[str, str], words: str = "") -> Button:
    return Button(
        words,
        attributes.get("name", ""),
        attributes.get("value", ""),
        attributes.get("formaction", ""),
        "disabled" in attributes,
        attributes.get("aria-label", ""),
    )


def _add_input(form: Form, kind: str, attributes: dict[str, str]) -> None:
    name = attributes["name"]
    if kind in {"radio", "checkbox"}:
        place = form.fields.setdefault(name, Field(name, kind))
        value = attributes.get("value", "on")
        place.options.append(Option(value, chosen="checked" in attributes))
        return
    kind = kind if kind in {"hidden", "file"} else "text"
    form.fields[name] = Field(name, kind, attributes.get("value", ""))


class Page:
    """One answer of the site, read."""

    def __init__(self, url: str, status: int, html: str) -> None:
        self.url, self.status, self.html = url, status, html
        reader = _Reader()
        reader.feed(html)
        reader.finish()
        self.forms, self.links = reader.forms, reader.links
        self.title, self.lang = tidy(reader.title), reader.lang
        self.heading = tidy(reader.headings[0]) if reader.headings else ""
        self.errors = [tidy(error) for error in reader.errors]
        self.summary = tidy(reader.summary)
        self.text = tidy(" ".join(word for word in reader.words if word.strip()))

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def __repr__(self) -> str:
        return f"<Page {self.status} {self.url} «{self.heading}» {self.text[:300]}>"

    def form_with(self, words: str) -> Form:
        """The form that has a button which says so."""
        for form in self.forms:
            if any(button.words.startswith(words) for button in form.buttons):
                return form
        buttons = [button.words for form in self.forms for button in form.buttons]
        raise PageProblem(f"{self.url} «{self.heading}» has no button {words!r}, only {buttons}")

    def link(self, words: str) -> str:
        """Where the link that says so leads."""
        for link in self.links:
            if link.words.startswith(words):
                return urljoin(self.url, link.href)
        said = [link.words for link in self.links]
        raise PageProblem(f"{self.url} «{self.heading}» has no link {words!r}, only {said}")

    def link_to(self, part: str) -> str:
        """Where the link leads whose address has a part; for tables whose links all say alike."""
        for link in self.links:
            if part in link.href:
                return urljoin(self.url, link.href)
        raise PageProblem(f"{self.url} «{self.heading}» leads nowhere with {part!r}")

    def leads_to(self, part: str) -> bool:
        """Say whether a link's address has a part."""
        return any(part in link.href for link in self.links)

    def offers(self, words: str) -> bool:
        """Say whether there is a link or a button that says so and can be used."""
        links = any(link.words.startswith(words) for link in self.links)
        buttons = [b for form in self.forms for b in form.buttons if not b.disabled]
        return links or any(button.words.startswith(words) for button in buttons)

    def primary(self) -> str:
        """Where the one primary button of a case's page leads."""
        for link in self.links:
            kinds = link.attributes.get("class", "").split()
            if "rd-button-primary" in kinds and link.attributes.get("data-key") == "e":
                return urljoin(self.url, link.href)
        raise PageProblem(f"{self.url} has no primary step: {self.text[:400]}")
