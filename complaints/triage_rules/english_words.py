"""Words that several rules of the English tables share, as alternatives of a pattern."""

from __future__ import annotations

WHOSE = (
    r"(?:my|his|her|their|our|your|the (?:contact|driver|owner|passenger|consumer|customer)'?s?|"
    r"the|(?:son|daughter|wife|husband|child|mother|father|kid|baby|grandson|granddaughter)'?s?)"
)
THEIRS = (
    r"(?:my|his|her|their|our|your|(?:the )?(?:contact|driver|owner|passenger|son"
    r"|daughter|wife|husband|child|mother|father|kid|baby|grandson|granddaughter)'s)"
)
SOMEBODY = (
    r"(?:me|us|him|her|them|myself|someone|somebody|people|passengers?|occupants?|"
    r"the (?:contact|driver|owner|passenger|consumer|customer)|(?:my|his|her|our|the|their) "
    r"(?:\w+[- ])?(?:son|daughter|wife|husband|child|children|kids?|baby|toddler|mother"
    r"|mom|father|dad|"
    r"friend|grandson|granddaughter|grandchild|family|spouse|girlfriend|boyfriend|dog"
    r"|passengers?|infant))"
)
PART = (
    r"(?:head|face|hands?|fingers?|thumb|arms?|legs?|knees?|feet|foot|toes?|neck|back"
    r"|eyes?|nose|ribs?|"
    r"shoulders?|wrists?|elbows?|ankles?|shins?|calf|hips?|chest|scalp|forehead|skin"
    r"|lips?|tooth|teeth|mouth|"
    r"body|forearm|thigh|pinky|ear|throat|tongue|stomach)"
)
GLASS = (
    r"(?:sun ?roof|moon ?roof|windshield|windows?|glass|panoramic roof|vista roof|roof"
    r"|rear window|back window)"
)
CHILD = (
    r"\b(?:child(?:ren)?|kids?|babies|baby|infants?|toddlers?|newborn|car ?seat"
    r"|grandchild(?:ren)?|grandson|grand-?daughter|"
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)[- ](?:year|yr|month|week)s?[- ]old|"
    r"my (?:\w+ )?(?:son|daughter))\b"
)
