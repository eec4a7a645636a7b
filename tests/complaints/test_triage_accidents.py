"""Other words for accidents: found whoever did it to whom, and not where nothing happened."""

from __future__ import annotations

import pytest

from complaints.triage_rules import propose

HARM = {
    "crash": [
        "I was hit by another car because the headlights went out.",
        "The vehicle was struck from behind.",
        "A car ran into me.",
        "Another driver hit me because my brake lights did not work.",
        "I backed into another vehicle because the camera was blank.",
        "I ended up in a ditch.",
        "A deer ran out in front of me and I hit it.",
        "My mirror hit a mailbox.",
        "We had a fender bender.",
    ],
    "injury": [
        "My head hit the steering wheel.",
        "The hatch pinched my fingers.",
        "The window rolled up on my child's neck.",
        "My son got his hand stuck in the door and was hurt.",
        "I have had severe neck pain since then.",
    ],
    "fire": [
        "Smoke came out of the dashboard.",
        "The wiring harness was burnt.",
        "The heated seat burned a hole in my pants.",
        "The tail light lens melted.",
    ],
}


@pytest.mark.parametrize(("reason", "text"), [(why, t) for why, ts in HARM.items() for t in ts])
def test_what_happened_is_an_emergency_in_any_words(reason: str, text: str) -> None:
    proposal = propose(text)
    assert proposal.urgency == "emergency" and reason in proposal.reasons


@pytest.mark.parametrize(
    "text",
    [
        "The brake light bulb burned out again.",
        "A rock was thrown up and my windshield was hit by a stone.",
        "I could be hit by another car if this happens at night.",
        "Fix it before somebody gets hurt.",
        "Nobody was hurt.",
        "It hit my back bumper cover when I closed it.",
        "The frost melted and the headlight works.",
        "The software ran into an error.",
        "The high price hurt my wallet.",
        "I was almost hit by another car.",
    ],
)
def test_what_did_not_happen_is_none(text: str) -> None:
    assert propose(text).urgency == "normal"


def test_somebody_locked_in_is_a_danger_and_with_a_child_an_emergency() -> None:
    assert propose("I was trapped inside the vehicle.").severity == "severe"
    assert propose("My baby was locked in the car.").urgency == "emergency"
