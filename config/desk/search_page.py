"""One page of what a search found, narrowed by the same filters as the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case
from complaints.numbers import whole_number
from complaints.selectors.choices import kept_choices
from complaints.selectors.counting import capped_counts
from complaints.selectors.facts import unread_notices
from complaints.selectors.filters import filters_of, narrowed
from complaints.selectors.search import (
    LONGEST_QUERY,
    RANKS,
    Hit,
    Rank,
    best_cases,
    found_cases,
    hits,
)
from config.desk.filtering import KEPT_OUT, chips, choices_of, left_choices, pickers
from config.desk.rows import case_row, count_words
from config.templatetags.present import mask_name

PAGE = 25
WHERE: dict[str, Any] = {
    "description": _("经过"),
    "wished_detail": _("诉求"),
    "product_text": _("商品"),
    "product__name": _("商品"),
    "product__model": _("型号"),
    "batch__code": _("批次"),
    "order_number": _("订单号"),
    "serial_number": _("序列号"),
    "external_ref": _("外部编号"),
    "external_body": _("转来的机构"),
    "respondent": _("被投诉人"),
    "reference": _("编号"),
    "message": _("沟通"),
    "name": _("消费者姓名"),
}


@dataclass
class SearchPage:
    """What a person looks for, as the address says."""

    user: User
    params: QueryDict
    moment: datetime

    @cached_property
    def actor(self) -> Actor:
        """The person with their roles."""
        return Actor.staff(self.user)

    @cached_property
    def text(self) -> str:
        """What is looked for."""
        return self.params.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]

    @cached_property
    def narrowing(self) -> QueryDict:
        """The filters of the address, without the text."""
        rest = self.params.copy()
        rest.pop("q", None)
        return rest

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether there are filters beside the text."""
        return filters_of(self.narrowing).any

    @cached_property
    def cases(self) -> QuerySet[Case]:
        """Everything that was found and that the person may see."""
        filters = filters_of(self.narrowing)
        among = narrowed(visible_cases(self.actor), filters, actor=self.actor, moment=self.moment)
        return found_cases(self.actor, self.text, among=among)

    @cached_property
    def after(self) -> Rank | None:
        """Where the page begins."""
        rank, _dot, pk = self.params.get("after", "").partition(".")
        known = whole_number(pk)
        return Rank(int(rank), known) if known is not None and rank in map(str, RANKS) else None

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        if not self.text:
            counts = capped_counts(self.user, {"unread": unread_notices(self.actor)})
            return {"notification_count": counts["unread"], "filters_open": False}
        lists = {"found": self.cases, "unread": unread_notices(self.actor)}
        counts = capped_counts(self.user, lists)
        results = best_cases(self.cases, self.text, size=PAGE, after=self.after)
        why = hits(results.rows, self.text, self.actor)
        onward = results.following
        return {
            "rows": [self._row(row, why[row["pk"]]) for row in results.rows],
            "total": count_words(counts["found"]),
            "notification_count": counts["unread"],
            "first_href": self.address() if self.after else "",
            "next_href": self.address(after=f"{onward.rank}.{onward.pk}") if onward else "",
            **self._filters(),
        }

    def _row(self, row: dict[str, Any], hit: Hit) -> dict[str, Any]:
        shown = hit.words
        if hit.where == "name":
            shown = [type(each)(mask_name(each.text), hit=False) for each in shown]
        where = WHERE.get(hit.where, "")
        return {**case_row(row), "pieces": hit.title, "where": where, "excerpt": shown}

    def address(self, **more: str) -> str:
        """Return the address of this search at another place."""
        words = self.params.copy()
        for name in KEPT_OUT:
            words.pop(name, None)
        words.update(more)
        return f"{reverse('desk_search')}?{words.urlencode()}"

    def _filters(self) -> dict[str, Any]:
        is_open = "filters" in self.params
        context = {
            "filters_open": is_open,
            "filters_href": self.address(filters="1"),
            "narrowed": self.is_narrowed,
            "params": self.params,
            "left_choices": left_choices(self.params),
        }
        if is_open or self.is_narrowed:
            choices, address = choices_of(kept_choices()), reverse("desk_search")
            shown = chips(self.params, choices, address=address)
            context["chips"] = [chip for chip in shown if chip["name"] != "q"]
            context["pickers"] = pickers(self.params, choices) if is_open else []
        only_text = QueryDict(mutable=True)
        only_text["q"] = self.text
        context["clear_href"] = f"{reverse('desk_search')}?{only_text.urlencode()}"
        return context
