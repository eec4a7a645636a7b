#!/usr/bin/env python3
"""Verify a clock certificate: compute anew, from its ledgers, all that it says.

Usage: python3 verify_clock_certificate.py certificate.json (Python 3.11, nothing else is needed).
Prints a line for each clock, and what can't be proved; ends with 0 if all agree, else with 1.
"""

import calendar as months
import hashlib
import json
import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice, takewhile, zip_longest
from pathlib import Path
from zoneinfo import ZoneInfo

DAY, ZERO, INSTANT = timedelta(days=1), timedelta(0), timedelta(microseconds=1)
FAR = datetime(9999, 1, 1, tzinfo=UTC)
FORMAT = "redress-clock-certificate/1"
HOURLY = {"elapsed_hours", "working_hours"}
DAYS_IN = {"working_days": 1, "calendar_days": 1, "weeks": 7}
NOT_OURS = {"offer_reply", "signature", "pause_end"}
SIDE_BY_SIDE = {"triage", "finding_notice", "regulator", "data_request"}
RUNS_ON = {"start", "resume", "recalculate"}
STATE_AFTER = {("", "start"): "running", ("running", "pause"): "paused"}
STATE_AFTER |= {("running", "recalculate"): "running", ("paused", "resume"): "running"}
STATE_AFTER |= {("running", "stop"): "stopped", ("paused", "stop"): "stopped"}
_moment = datetime.fromisoformat
UNREADABLE = (KeyError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError)


def _digest(value):
    raw = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()


def _said(found):
    return found if found is None else found.isoformat()


class _Calendar:
    def __init__(self, data):
        self.zone, self.week = ZoneInfo(data["zone"]), data["week"]
        self.rest, self.extra = data["rest_days"], data["make_up_days"]
        self.usual = next(hours for hours in self.week if hours)

    def at(self, day, clock):
        if clock == "24:00":
            day, clock = day + DAY, "00:00"
        return datetime.combine(day, time.fromisoformat(clock), self.zone).astimezone(UTC)

    def day(self, at):
        return at.astimezone(self.zone).date()

    def works(self, day):
        listed = day.isoformat()
        return listed in self.extra or (listed not in self.rest and bool(self.week[day.weekday()]))

    def hours(self, day):
        clocks = (self.week[day.weekday()] or self.usual) if self.works(day) else []
        return [(self.at(day, begin), self.at(day, end)) for begin, end in clocks]


class _Count:
    """One promise of time: its budget, and what its ledger says up to some line."""

    def __init__(self, policy, lines, calendar, agreed):
        self.amount, self.unit = Decimal(policy["amount"]), policy["unit"]
        self.policy, self.calendar, self.agreed = policy, calendar, agreed
        self.start, self.rests, self.stop = _moment(lines[0]["at"]), [], None
        for line in lines:
            if line["action"] == "pause":
                self.rests.append((_moment(line["at"]), None))
            elif line["action"] == "resume":
                self.rests[-1] = (self.rests[-1][0], _moment(line["at"]))
            elif line["action"] == "stop":
                self.stop = _moment(line["at"])
        self.resting_since = self.rests[-1][0] if self.rests and not self.rests[-1][1] else None

    def running(self, begin, end):
        for rest, back in self.rests:
            if begin < min(rest, end):
                yield begin, min(rest, end)
            begin = max(begin, back or FAR)
        if begin < end:
            yield begin, end

    def spans(self):
        """Yield the time that counts for a budget of hours, from the start on, for ever."""
        day = self.calendar.day(self.start)
        if self.unit == "elapsed_hours":
            yield from self.running(self.start, FAR)
        while self.unit == "working_hours" and self.goes_on(day):
            for begin, end in self.calendar.hours(day):
                yield from self.running(max(begin, self.start), end)
            day += DAY

    def goes_on(self, day):
        return not self.resting_since or self.calendar.at(day, "00:00") <= self.resting_since

    def spans_to(self, end):
        return [(a, min(b, end)) for a, b in takewhile(lambda s: s[0] < end, self.spans())]

    def days(self):
        """Yield the days that count for a budget of days: not the first, nor those it rested."""
        day = self.calendar.day(self.start)
        while self.goes_on(day):
            day += DAY
            end = self.calendar.at(day, "24:00")
            rested = any(begin < end <= (back or FAR) for begin, back in self.rests)
            if not rested and (self.unit != "working_days" or self.calendar.works(day)):
                yield day

    def days_to(self, end):
        return list(takewhile(lambda day: self.calendar.at(day, "24:00") <= end, self.days()))

    def last_days(self):
        """Return the last day that is counted, and the one to which it is put off."""
        begin = self.calendar.day(self.start)
        if self.unit in DAYS_IN:
            wanted = int(self.amount * DAYS_IN[self.unit])
        else:
            ahead = begin.month - 1 + int(self.amount) * {"months": 1, "years": 12}[self.unit]
            year, month = begin.year + ahead // 12, ahead % 12 + 1
            end = date(year, month, min(begin.day, months.monthrange(year, month)[1]))
            wanted = (end - begin).days
        last = rolled = [begin, *islice(self.days(), wanted)][-1]
        while self.policy["rolls"] and not self.calendar.works(rolled):
            rolled += DAY
        return last, rolled

    def cost(self, begin, end):
        day, ends = self.calendar.day(begin), 0
        while self.unit not in HOURLY and self.calendar.at(day, "24:00") <= end:
            day, ends = day + DAY, ends + 1
        return max(end - begin, ends * DAY)

    def due(self, share=Decimal(1)):
        if self.resting_since or self.agreed:
            return None if self.resting_since else self.agreed
        if self.unit in HOURLY:
            need = timedelta(microseconds=round(self.amount * share * 3_600_000_000))
            return _use_up(need, self.spans(), self.start)
        return self.calendar.at(self.last_days()[1], "24:00")

    def rungs(self):
        due, found = self.due(), []
        for rule in self.policy["ladder"] if due else ():
            share = Decimal(rule.get("fraction", 1))
            if "fraction" not in rule:
                at = due + timedelta(hours=float(rule.get("after_hours", 0)))
            elif share == 1 or (self.unit in HOURLY and not self.agreed):
                at = self.due(share)
            else:
                spans = list(self.running(self.start, due))
                at = _use_up(_length(spans) * float(share), spans, due)
            group, _, number = rule["rung"].partition("_")
            order = ("warn", "breach", "escalation").index(group), int(number or 0)
            found.append((at, order, rule["rung"]))
        return [[rung, _said(at)] for at, _order, rung in sorted(found)]

    def reckoning(self, issued):
        due, hourly, until = self.due(), self.unit in HOURLY, min(self.stop or issued, issued)
        end, counted, last = due or self.resting_since, [], (None, None)
        if not self.agreed:
            last = last if hourly or not due else self.last_days()
            end = self.calendar.at(last[0], "24:00") if last[0] else end
            counted = self.spans_to(end) if hourly else self.days_to(end)
        spans, days = (counted, []) if hourly else ([], counted)
        micro = _length(spans) // INSTANT
        used = _length(self.spans_to(until)) // INSTANT if hourly else len(self.days_to(until))
        hours = (Decimal(used) / 3_600_000_000).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        return {
            "counted_spans": [[_said(begin), _said(end)] for begin, end in spans],
            "counted_days": [_said(day) for day in days],
            "counted": f"{micro // 10**6}.{micro % 10**6:06d} s" if hourly else f"{len(days)} d",
            "rested": [[_said(begin), _said(back)] for begin, back in self.rests],
            "counted_to": _said(last[0]),
            "last_day": _said(last[1]),
            "used": str(hours if hourly else used),
        }


def _length(spans):
    return sum((end - begin for begin, end in spans), ZERO)


def _use_up(left, spans, otherwise):
    for begin, end in spans if left else ():
        if left <= end - begin:
            return begin + left
        left -= end - begin
    return otherwise


def _pause_faults(line, clock, clocks, count):
    """Yield what is wrong with a pause: its proof, its real end, the caps as its line counts."""
    at, detail, cause, costs = _moment(line["at"]), line["detail"], line["detail"]["pause"], {}
    rules = {rule["cause"]: rule for rule in count.policy["pause_rules"]}
    caps = {name: int(rule["cap_days"]) * DAY for name, rule in rules.items()}
    if rules[cause].get("proof", True) and not detail["proof"]:
        yield "no proof"
    lines = ((c, *two) for c in clocks for two in zip_longest(c["ledger"], c["ledger"][1:]))
    for other, row, after in (found for found in lines if found[1]["detail"].get("pause")):
        begin, told = _moment(row["at"]), row["detail"]
        until, end = _moment(told["until"]), after and _moment(after["at"])
        if row is line and after and after["action"] == "resume":
            latest = _latest(until, at, end, f"clock:{clock['id']}", clocks)
            yield from [f"rested until {_said(end)}, not {_said(latest)}"] * (end > latest)
        if begin < at and told["proof"] and told["proof"] == detail["proof"]:
            yield "its proof was used before"
        same = "kind", "subject" if clock["kind"] in SIDE_BY_SIDE else "kind"
        if begin <= at and all(other[name] == clock[name] for name in same):
            end = until if row is line else min(end or until, until)
            costs[told["pause"]] = costs.get(told["pause"], ZERO) + count.cost(begin, end)
    if costs[cause] > caps[cause] or sum(costs.values(), ZERO) > max(caps.values()):
        yield f"beyond the caps: {', '.join(f'{name} {cost}' for name, cost in costs.items())}"


def _latest(until, at, resumed, name, clocks):
    for ledger in (other["ledger"] for other in clocks if other["subject"] == name):
        if at <= _moment(ledger[0]["at"]) <= resumed:
            aside = [row["action"] for row in ledger[-2:]] == ["pause", "stop"]
            backs = [_moment(row["at"]) for row in ledger if row["action"] == "resume"]
            return resumed if aside else max([until, *backs])
    return until


def _verdict(clock, count, due, issued):
    judged, state = count.resting_since or count.stop or issued, clock["state"]
    words = ("on_time", "late") if state == "stopped" else (state, f"{state}_late")
    return {
        "word": "not_ours" if clock["kind"] in NOT_OURS else words[judged > due],
        "judged_at": _said(judged),
        "due_at": _said(due),
        "late_seconds": max(judged - due, ZERO) // timedelta(seconds=1),
        "left_seconds": max(due - judged, ZERO) // timedelta(seconds=1),
    }


def _timers(timers, generations):
    fired = [timer["rung"] for timer in timers if timer["status"] == "fired"]
    yield "rungs that had their effect", sorted(fired), sorted(set(fired))
    for timer in timers:
        name = f"rung {timer['rung']} of generation {timer['generation']}"
        yield name, timer["due_at"], generations[timer["generation"] - 1].get(timer["rung"])
        early = timer["fired_at"] and _moment(timer["fired_at"]) < _moment(timer["due_at"])
        shown = bool(timer["fired_at"]), bool(early)
        yield f"{name}: effect, too early", shown, (timer["status"] == "fired", False)


def _clock(clock, document, calendars):
    """Yield what is checked: its name, what is found, what is computed."""
    lines, policies, dues, generations, state = clock["ledger"], document["policies"], [], [], ""
    agreed = clock["fixed_due_at"] and _moment(clock["fixed_due_at"])
    for number, line in enumerate(lines, start=1):
        name, action, policy = f"line {number}", line["action"], policies[line["policy"]]
        yield f"{name}: order", line["at"], max((row["at"] for row in lines[:number]), key=_moment)
        state = STATE_AFTER[state, action]
        count = _Count(policy, lines[:number], calendars[line["calendar"]], agreed)
        rungs = count.rungs() if action in RUNS_ON else []
        yield f"{name}: due moment", line["due_at"], _said(count.due())
        yield f"{name}: rungs", line["rungs"], rungs
        dues += [count.due()] if count.due() else []
        generations += [dict(rungs)] if action in RUNS_ON else []
        if action == "pause" and line["detail"].get("pause"):
            yield f"{name}: pause", list(_pause_faults(line, clock, document["clocks"], count)), []
    issued, last = _moment(document["issued_at"]), lines[-1]
    ends = {"policy": last["policy"], "calendar": last["calendar"], "state": state}
    ends |= {"started_at": lines[0]["at"], "stopped_at": _said(count.stop)}
    ends |= {"due_at": _said(count.due()), "ours": clock["kind"] not in NOT_OURS}
    yield from ((field, clock[field], end) for field, end in ends.items())
    yield "reckoning", clock["reckoning"], count.reckoning(issued)
    yield "verdict", clock["verdict"], _verdict(clock, count, dues[-1], issued)
    facts = clock["conditions"].items()
    met = {name: fact["accepted"] for name, fact in facts if fact["case"] in fact["accepted"]}
    yield "conditions that are met", met, policies[last["policy"]]["conditions"]
    yield from _timers(clock["timers"], generations)


def _report(name, checked):
    """Print what differs; return whether nothing does."""
    faults = []
    try:
        for what, found, computed in checked:
            faults += [f"        {what}: {found}, computed {computed}"] if found != computed else []
    except UNREADABLE as error:
        faults.append(f"        can't be computed ({type(error).__name__}: {error})")
    print("\n".join([f"{'DIFFERS' if faults else 'OK     '} {name}", *faults]))
    return not faults


UNPROVED = """
What can't be computed, and so is not proved by this:
- that these are all clocks of {case}, and that their ledgers tell what happened. Compare the head
  of its chain of events with what the system shows: event {sequence}, hash {hash};
- that the policies and calendars were published so, what the case's facts were, and who acted;
- who made this. Compare its SHA-256 with the case's log and the PDF: {sha256};
- the sentences in words.
"""


def _verify(document):
    rest = {name: value for name, value in document.items() if name != "sha256"}
    good = [_report("format", [("format", document["format"], FORMAT)])]
    good += [_report("SHA-256", [("SHA-256", document["sha256"], _digest(rest))])]
    calendars = {}
    for version, data in document["calendars"].items():
        calendars[version], computed = _Calendar(data), _digest(data)[:16]
        good.append(_report(f"calendar {version}", [("version", version, computed)]))
    for clock in document["clocks"]:
        name = f"clock {clock['id']} {clock['kind']} {clock['subject']}: {clock['verdict']['word']}"
        good.append(_report(name, _clock(clock, document, calendars)))
    print(UNPROVED.format(**document, **document["chain"]))
    return all(good)


def main(path):
    """Verify a file; return 0 if all agrees, else 1."""
    try:
        good = _verify(json.loads(Path(path).read_text(encoding="utf-8")))
    except (OSError, *UNREADABLE) as error:
        good = print(f"Not to be read as a clock certificate ({type(error).__name__}: {error}).")
    print("All that can be computed agrees." if good else "It does NOT agree.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
