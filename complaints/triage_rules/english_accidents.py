"""Other ways in which people write in English that they crashed, were hit, or something burned.

Found by writing down how each could be said, in the active and the passive, by whom and with what,
and not by reading complaints. Patterns meet the plain form of a text, in lower case; supposition,
negation and hearsay are taken care of by doubts.py for every rule.
"""

from __future__ import annotations

from complaints.triage_rules.english_words import PART
from complaints.triage_rules.rules import Rule

_WHOM = r"(?:my|his|her|our|their)"
_CAR = r"(?:vehicle|car|truck|van|suv|semi|bus|pickup|driver|motorcycl\w+|tractor[- ]trailer)"
_ANIMAL = r"(?:deer|dog|animal|elk|moose|cow|pedestrian|cyclist|bicyclist)"

ACCIDENTS = (
    Rule(
        "en.hit_by",
        "crash",
        r"\b(?:(?:was|were|been|got|getting|being) (?:(?!almost|nearly)\w+ )?"
        r"(?:hit|struck|broadsided|side ?swiped)"
        r" (?:(?:from behind|head on) )?"
        rf"(?:by (?:a |an |another |the )?(?:\w+ )?(?:{_CAR}|{_ANIMAL})"
        r"|from (?:behind|the rear))"
        rf"|(?:another|other|oncoming|someone|somebody|a|the) ?(?:\w+ )?(?:{_CAR} )?"
        r"(?:ran into|backed into|slammed into|crashed into|plowed into) (?:me|us|my|our|him|her)"
        rf"|(?:another|other|oncoming) {_CAR} (?:hit|struck) (?:me|us|my|our|him|her))\b",
        unless=r"hit by (?:a |the )?(?:rock|stone|bill|charge|cost)|parked car hit",
    ),
    Rule(
        "en.ran_into",
        "crash",
        r"\b(?:(?:i|we|he|she|it|and|then|wife|husband|son|daughter) (?:\w+ )?(?:backed(?: up)?"
        r"|reversed|bumped|rolled|ran|swerved|slid) into (?:a |an |the |my |another |our )"
        rf"(?:\w+ )?(?:{_CAR}|wall|pole|post|tree|garage|fence|house|building|ditch|curb)"
        r"|(?:ended up|wound up|landed|wrecked) in (?:a |the )(?:ditch|median|field|creek|woods)"
        r"|fender[- ]benders?|(?:car|vehicle) pile[- ]?up|collided"
        r"|wrecked (?:the|my|our|his|her) (?:\w+ )?(?:car|truck|vehicle|van|suv)"
        r"|(?:car|truck|vehicle|van|suv) (?:was|is|got) (?:\w+ )?wrecked)\b",
        unless=r"radio|software|screen|parked in|almost|nearly",
    ),
    Rule(
        "en.hit_animal",
        "crash",
        rf"\b{_ANIMAL}\b[^.!?]{{0,50}}\b(?:hit|struck) (?:it|him|her|them|me|my|us|our)\b",
    ),
    Rule(
        "en.thing_hit",
        "crash",
        r"\b(?:mirror|bumper|wheel|tire|panel|cover|roof|trim|tailgate|hood|spare"
        r"|trailer) (?:\w+ ){0,6}(?:hit|struck|hitting|striking) (?:a |an |another |the )"
        rf"(?:\w+ )?(?:{_CAR}|mailbox|pole|wall|pedestrian|person|sign|guard ?rail)\b",
    ),
)

HURT = (
    Rule(
        "en.hit_body",
        "injury",
        r"\b(?:hit|hits|hitting|struck|smacked|whacked|smashed|crushed|pinched|scraped|gashed"
        rf"|blistered|bloodied|skinned|jammed) {_WHOM} (?:\w+ )?{PART}\b"
        rf"|\b{_WHOM} (?:\w+ )?{PART} (?:\w+ )?(?:hit|struck|slammed|smashed|banged)"
        r" (?:into |against |on |off )?(?:the|a)\b"
        r"|\b(?:i|he|she|we|passenger|driver|son|daughter|wife|husband) (?:\w+ )?(?:hit"
        r"|struck|went through) the (?:windshield|dash(?:board)?|steering wheel)\b",
        unless=(
            r"back (?:bumper|door|window|glass|end|tire|wheel|seat|side|panel|light|hatch|quarter"
            r"|windshield|passenger|driver)|head ?(?:light|lamp|liner|rest|unit)|arm ?rest"
            r"|foot ?(?:board|well)|(?:hand|face) ?(?:le|plate)|nose of|skin of|body (?:of|panel)"
        ),
    ),
    Rule(
        "en.closed_on_body",
        "injury",
        r"\b(?:closed|closes|rolled up|rolls up|came down|comes down|shut|shuts|slammed|fell"
        rf"|falls|dropped|drops|landed) (?:\w+ )?(?:on|onto|against) {_WHOM}"
        rf" (?:\w+(?:'s)? ){{0,2}}{PART}\b",
        unless=r"back (?:bumper|door|window|glass|seat)|head ?(?:light|lamp)",
    ),
    Rule(
        "en.was_hurt",
        "injury",
        r"\b(?:(?:was|were|got) (?:\w+ )?hurt(?= by| when| in| trying| while|[.!,;]|$| and| from)"
        r"|(?:have|had|has|having|suffer\w*|severe|chronic|constant|terrible) (?:\w+ ){0,2}"
        r"(?:neck|back|shoulder|knee|arm|leg|hand|wrist|hip|chest|rib) pains?"
        rf"|(?:scratch(?:es)?|scrapes?|burns?|welts?|blisters?) on {_WHOM} (?:\w+ )?{PART})\b",
        unless=r"feelings|wallet|pocket|before (?:\w+ )?(?:was|got|gets|is)|resale|credit",
    ),
)

BURNT = (
    Rule(
        "en.smoke_came",
        "fire",
        r"\bsmoke (?:\w+ )?(?:came|rolled|rolling|poured|blew) (?:\w+ )?"
        r"(?:out|from|up|through|in)\b",
        unless=r"exhaust|tail ?pipe|cigar",
    ),
    Rule(
        "en.burnt_part",
        "fire",
        r"\b(?:wires?|wiring|harness(?:es)?|fuse ?box|connectors?|plug|socket|lens|housing|outlet"
        r"|relay|carpet|insulation|cables?|(?:head|tail|fog|brake) ?(?:light|lamp)s?|seat"
        r"|dash(?:board)?)"
        r" (?:\w+ ){0,3}(?:melted|melting|charred|scorched|burn(?:ed|t)(?! out))\b"
        r"|\b(?:melted|charred|scorched|burn(?:ed|t)) "
        r"(?:the |my |through (?:the |my )?|up (?:the )?)?(?:\w+ )?"
        r"(?:wires?|wiring|harness|connectors?|fuse ?box|lens|housing|carpet|insulation)\b"
        r"|\bburn(?:ed|t) (?:a |two |\d+ )?holes?\b",
        unless=r"ice|snow|frost|bulb|sun (?:has|had)|sunburn|clear ?coat|paint",
    ),
)

TRAPPED = (
    Rule(
        "en.trapped",
        "vehicle_hazard",
        r"\b(?:(?:was|were|got|am|is|be(?:ing)?|became) (?:\w+ )?(?:trapped|locked) (?:inside|in"
        r" (?:the|my|our|her|his) (?:car|vehicle|truck|van|suv)|in it)|trapped (?:me|us|him|her)"
        r"|can(?:'t|not) (?:get|climb) out of (?:the|my) (?:car|vehicle|truck|van|suv))\b",
        unless=r"keys?\b[^.!?]{0,20}locked|water|moisture|locked (?:in|into) (?:park|place|gear)",
    ),
)

MISHAPS: tuple[Rule, ...] = (*ACCIDENTS, *HURT, *BURNT, *TRAPPED)
