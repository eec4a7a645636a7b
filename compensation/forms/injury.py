"""The facts of an injury. What nobody types comes from the table of figures, each with its source.

A figure that a person types goes before the table's and says where it is from.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compensation.forms.fact_words import SECTIONS
from compensation.forms.facts import FactsForm, facts_initial
from compensation.regions import Region
from compensation.selectors.statistics import (
    FACTS,
    HIGHER_AT_HOME,
    Figure,
    daily_wage,
    figure_of,
    sectors,
)
from compensation.services.statistics import GRADES

KIND = "injury"
DISABILITY, DEATH = "disability", "death"
AVERAGE, SECTOR = "average", "sector"
STATED = ("urban_disposable_income", "urban_consumption", "monthly_wage", "meal_rate")
"""Figures that say where they are from when a person types them."""
_OWN = "own_source"


def _choice(label: Any, choices: Any, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, help_text=hint)


class InjuryForm(FactsForm):
    """What an injury cost; degree, age and region choose the figures to reckon with.

    `day` decides the years; `has_table` is false where the case is not reckoned in yuan.
    """

    def __init__(
        self, data: Any = None, *, day: date, has_table: bool = True, initial: Any = None
    ) -> None:
        super().__init__(data, kind=KIND, initial=initial)
        self.day, self.has_table = day, has_table
        self.fields["region"] = _choice(
            _("适用地区"), Region.choices, _("受理诉讼的法院会在哪里；没有当地数据的按全国")
        )
        self.fields["home"] = _choice(
            _("消费者的住所地"),
            [("", _("和上面一样")), *Region.choices[1:]],
            _("收入和消费支出比适用地区高的，按住所地的算"),
        )
        self.fields["wage_basis"] = _choice(
            _("误工按什么算"),
            [
                ("", _("按证实的每天少的收入")),
                (AVERAGE, _("没有固定收入，按职工平均工资")),
                (SECTOR, _("没有固定收入，按同行业平均工资")),
            ],
        )
        self.fields["sector"] = _choice(
            _("行业"), [("", _("没有")), *((one, one) for one in sectors())]
        )
        self.fields["outcome"] = _choice(
            _("后果"),
            [("", _("没有伤残")), (DISABILITY, _("评定了伤残")), (DEATH, _("死亡"))],
        )
        self.fields["grade"] = _choice(
            _("伤残等级"), [("", _("没有")), *((one, one) for one in GRADES)]
        )
        self.fields[_OWN] = forms.CharField(
            label=_("自己填的数据来自哪里"),
            max_length=120,
            required=False,
            help_text=_("上面没有用表里的收入、支出、工资、伙食或系数时写"),
        )

    @property
    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings, those of the table among the facts that they choose."""
        more = {
            "lost_days": ("wage_basis", "sector"),
            "age": ("grade",),
            "monthly_wage": (_OWN,),
        }
        told: list[tuple[Any, list[forms.BoundField]]] = [
            (_("按哪里的数据算"), [self["region"], self["home"]])
        ]
        for title, names in SECTIONS[KIND]:
            fields = [self["outcome"]] if "coefficient" in names.split() else []
            for name in names.split():
                fields += [self[name], *(self[one] for one in more.get(name, ()))]
            told.append((title, fields))
        return told

    def clean(self) -> dict[str, Any]:
        """Hold together what speaks of one thing: outcome, degree and age; figures and source."""
        data = super().clean() or self.cleaned_data
        outcome = data.get("outcome", "")
        degree = [name for name in ("grade", "coefficient") if data.get(name)]
        if not outcome and (degree or data.get("age") is not None):
            self.add_error("outcome", _("填了年龄或伤残等级，要说明是评定了伤残还是死亡。"))
        if outcome == DEATH and (degree or data.get("capacity_loss")):
            self.add_error("outcome", _("死亡的不填伤残等级、系数和丧失劳动能力的程度。"))
        if outcome == DISABILITY and len(degree) != 1:
            self.add_error("grade", _("伤残等级和系数填一项。"))
        if outcome and data.get("age") is None and "age" not in self.errors:
            self.add_error("age", _("还要填这一项，才能算。"))
        if data.get("wage_basis") == SECTOR and not data.get("sector"):
            self.add_error("sector", _("请写明是哪个行业。"))
        typed = [name for name in (*STATED, "coefficient") if data.get(name) is not None]
        if typed and not data.get(_OWN, "").strip():
            self.add_error(_OWN, _("请写明来源：哪个机关、哪份文件。"))
        return data

    def facts(self) -> dict[str, Any]:
        """Return the facts with the figures that they ask for, and where each is from."""
        told = super().facts()
        if told.get("distress_approved") is None:
            told.pop("distress_approved", None)
        found = {figure.fact: figure for figure in self._figures(told) if figure is not None}
        cited = [self._typed(name, told[name]) for name in (*STATED, "coefficient") if name in told]
        for name, figure in found.items():
            value = figure.value
            told[name] = f"{value.normalize():f}" if name == "coefficient" else f"{value:.2f}"
            cited.append(figure.as_fact())
        return {**told, "statistics": cited} if cited else told

    @property
    def region(self) -> str:
        """The region whose figures count; the whole country where none was chosen."""
        return self.cleaned_data.get("region") or str(Region.NATION)

    def _figures(self, told: Mapping[str, Any]) -> list[Figure | None]:
        """Return the figures that the facts ask for and nobody typed."""
        if not self.has_table:
            return []
        data = self.cleaned_data
        outcome = data.get("outcome")
        wanted = {
            "urban_disposable_income": bool(outcome),
            "urban_consumption": bool(told.get("dependants")),
            "monthly_wage": outcome == DEATH,
            "meal_rate": "hospital_days" in told,
            "nursing_rate": "nursing_days" in told,
            "coefficient": bool(data.get("grade")),
        }
        found = [self._figure(name) for name in wanted if wanted[name] and name not in told]
        if "lost_days" in told and data.get("wage_basis") and "daily_income_lost" not in told:
            sector = data["sector"] if data["wage_basis"] == SECTOR else ""
            found.append(daily_wage(sector, region=self.region, day=self.day))
        return found

    def _figure(self, name: str) -> Figure | None:
        data = self.cleaned_data
        home = data.get("home", "") if FACTS[name][0] in HIGHER_AT_HOME else ""
        grade = data.get("grade", "") if name == "coefficient" else ""
        return figure_of(name, region=self.region, home=home, day=self.day, detail=grade)

    def _typed(self, name: str, value: str) -> dict[str, Any]:
        return {
            "fact": name,
            "region": self.region,
            "figure": value,
            "source": self.cleaned_data[_OWN].strip(),
            "checked": False,
        }


def injury_initial(facts: Mapping[str, Any], *, losses: Mapping[str, Decimal]) -> dict[str, Any]:
    """Return what the form begins with: the last sheet's facts and the losses verified since.

    Figures that came from the table are chosen anew, by the region and degree that chose them.
    """
    cited = {one["fact"]: one for one in facts.get("statistics", ())}
    table = {name for name, one in cited.items() if one.get("year")}
    kept = {name: value for name, value in facts.items() if name not in {*table, "statistics"}}
    begun = facts_initial(KIND, kept) | dict(losses)
    if "coefficient" in facts:
        begun["outcome"] = DISABILITY
    elif "age" in facts:
        begun["outcome"] = DEATH
    if "coefficient" in table:
        begun["grade"] = cited["coefficient"].get("detail", "")
    if "daily_income_lost" in table:
        sector = cited["daily_income_lost"].get("detail", "")
        begun |= {"wage_basis": SECTOR if sector else AVERAGE, "sector": sector}
    typed = [one["source"] for name, one in cited.items() if name not in table]
    return begun | ({_OWN: typed[0]} if typed else {})
