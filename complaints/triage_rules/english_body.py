"""What people write in English when somebody is hurt.

Patterns meet the plain form of a text (see reading.py), in lower case. Supposition ("could catch
fire"), negation ("no injuries") and hearsay are taken care of by doubts.py for every rule.
"""

from __future__ import annotations

from complaints.triage_rules.english_words import PART, SOMEBODY, THEIRS, WHOSE
from complaints.triage_rules.rules import Rule

INJURY = (
    Rule(
        "en.injury",
        "injury",
        r"\b(?:injur(?:y|ies|ed|ing)|lacerat(?:ed|ions?)|contusions?|concussions?"
        r"|whiplash|sprain(?:ed)?|bruis(?:e|es|ed|ing)|stitche[sd]|sutures?|unconscious"
        r"|paralyz?ed|amputat\w+|hemorrhag\w+)\b",
        unless=(
            r"injury (?:lawyer|attorney|risk|law)|insult to injury"
            r"|personal injury (?:law|att|protection)|bruised? (?:apple|fruit|banana"
            r"|ego)"
        ),
    ),
    Rule(
        "en.medical_care",
        "injury",
        r"\b(?:ambulance|paramedics?|emergency room|hospital(?:ized|ised)?|urgent care"
        r"|first responders|emergency services|went to the (?:er|doctor)|go to the (?:er"
        r"|doctor)|(?:saw|see) a doctor|taken to the er|rushed to|surgery"
        r"|physical therapy)\b",
        unless=(
            r"hospital (?:bill(?:ing)?|job|work|employee)|(?:work|works|worked|working"
            r"|job|employed|appointment|visit\w*|nurse|on the way|drive|driving|back"
            r"|employee)[^.]{0,15} (?:to |at |in )?(?:a |the )?hospital|way (?:to"
            r"|from) the hospital|animal hospital|car hospital"
        ),
    ),
    Rule(
        "en.broken_bone",
        "injury",
        rf"\b(?:fractured?|broke|broken|dislocated|crushed|severed|tore|torn|hurt|hurting"
        rf"|hurts|smashed|pinched|jammed|twisted|punctured|sliced|gashed|scraped|skinned"
        rf"|stabbed|strained|pulled) (?:both )?(?:of )?(?:my|his|her|their|our"
        rf"|the (?:contact|driver|passenger)'s) (?:\w+ ){{0,3}}{PART}\b"
        rf"|\bbroken (?:bones?|ribs?|arm|leg|wrist|finger|nose|hip|ankle|foot|hand)\b",
        unless=(
            r"broken heart|back (?:window|door|seat|glass|hatch|up|bumper)|head (?:light"
            r"|lamp|liner|rest|gasket)|hand ?le"
        ),
    ),
    Rule(
        "en.cut",
        "injury",
        rf"\b(?:cuts?|cutting|slic(?:e|es|ed|ing)|scratch(?:ed|es)?|scrap(?:ed|es)"
        rf"|pok(?:ed|es)|nick(?:ed|s)|stab(?:bed|s)|pinch(?:ed|es)|bit) (?:open |up "
        rf"|deep into |into )?(?:{THEIRS} (?:\w+ ){{0,2}}{PART}|me|myself|him|himself"
        rf"|herself)\b|\b(?:scratches|scrapes|abrasions?|welts?|gashes|bumps?) (?:to|on"
        rf"|across|all over) (?:the|{WHOSE}|both|my)|\bcuts? (?:to|on|in|across"
        rf"|from) (?:the|{WHOSE}|both|several|face|hands?)\b|\bcut (?:deep )?into {WHOSE}"
        rf"|\bwas cut\b|\b(?:superficial|deep|minor|several|small|multiple) cuts\b"
        rf"|\bcut (?:my|his|her) (?:\w+ )?{PART}",
        unless=(
            r"cuts? (?:off|out|corners|costs)|me off|cut (?:in|on) (?:and|the)|power"
            r"|engine|back (?:window|door|seat|glass)|head ?li"
        ),
    ),
    Rule(
        "en.struck",
        "injury",
        rf"\b(?:hit|hits|hitting|struck|strikes|striking|clobber\w*|bump(?:ed|s|ing)?"
        rf"|slam(?:med|s|ming)?|smack\w*|whack\w*|conk\w*|knock(?:ed|s|ing)?|bang(?:ed|s)"
        rf"|crush(?:ed|es|ing)?|clipped|poked|pinned|trapped|caught|smash(?:ed|es)"
        rf"|bash\w*|crash(?:ed|es|ing)?|crack(?:ed|s)|hits?|fell|falls|came down"
        rf"|comes down|landed|closed|closes|closing|shut|shuts|dropped|drops|lowered"
        rf"|fallen|slams?)"
        rf" (?:down )?(?:on |onto |into |right on |against |in "
        rf"|directly on )?(?:top of )?(?:(?:my|his|her|their|our|the (?:contact|driver"
        rf"|owner|passenger|consumer)'s|(?:my |his |her |our |the )?(?:\w+ )?(?:son"
        rf"|daughter|child|baby|wife|husband|mother|father|kid|toddler|grandson"
        rf"|granddaughter|friend)'s) (?:\w+ ){{0,2}}{PART}"
        rf"|{SOMEBODY} (?:(?:\w+ ){{0,2}}(?:in|on|across|against|upside|square) )?(?:the "
        rf"|my |his |her |their )?(?:\w+ )?{PART})\b",
        unless=(
            r"back (?:window|door|seat|glass|hatch|end|bumper|up)|head ?(?:light|lamp"
            r"|liner|rest|gasket)|hit me (?:back|up)|foot ?(?:well|board)|face ?book"
            r"|hand ?le|(?:foot|hands?) (?:on|off) the"
        ),
    ),
    Rule(
        "en.struck_somebody",
        "injury",
        rf"\b(?:hit|hits|hitting|struck|strikes|striking|clobber\w*|slam(?:med|s)"
        rf"|smack\w*|whack\w*|knock(?:ed|s)|crush(?:ed|es)|pinned|landed on|fell on"
        rf"|falls on|came down on|comes down on|closed on|closes on|closing on|drops? on"
        rf"|dropped on|shut on|dragged|ran over|run over|threw|thrown) (?:{SOMEBODY})\b",
        unless=(
            r"(?:car|truck|vehicle|driver|lady|man|woman|someone|suv|guy|person|semi"
            r"|deer)[^.]{0,20} (?:hit|struck|hits) (?:me|us)\b (?:from|in the rear"
            r"|behind)|hit me (?:that|back|up|with)|wind|cold|smell"
        ),
    ),
    Rule(
        "en.closing_part",
        "injury",
        rf"\b(?:lift ?gate|tail ?gate|hatch(?:back)?|trunk|lid|door|window|hood|gate"
        rf"|seat)\b[^.!?]{{0,60}}\b(?:clos\w+|lower\w*|f[ae]ll\w*|came down|comes down"
        rf"|com(?:es|ing) (?:\w+ )?down|drop\w*|slam\w*|crash\w*|shut\w*|slid\w*|swung"
        rf"|swings|pins?|pinned|caught)\b[^.!?]{{0,40}}\b(?:on|onto|against|in"
        rf"|into) {THEIRS} (?:\w+ )?{PART}\b",
        unless=r"back (?:window|door|seat|glass|hatch)|hands? (?:full|free)|my hand to",
    ),
    Rule(
        "en.body_caught",
        "injury",
        rf"\b(?:my|his|her|their|the (?:contact|driver|passenger)'s"
        rf"|{WHOSE}) (?:\w+ )?{PART} (?:was|were|got|gets|is|being|became"
        rf"|been) (?:\w+ )?(?:hit|cut|caught|crushed|pinched|smashed|injured|burn(?:ed|t)"
        rf"|broken|sliced|closed|stuck|trapped|bleeding|scratched|swollen|struck|slammed"
        rf"|numb)\b",
        unless=(
            r"back (?:window|door|seat|glass|hatch)|head ?(?:light|lamp)|the back (?:was"
            r"|is) stuck|the (?:back|mouth|face|head|foot|body|neck|ear|nose"
            r"|hands?) (?:\w+ )?(?:was|were|got|is|gets)"
        ),
    ),
    Rule(
        "en.sharp",
        "injury",
        r"\brazor[- ]?(?:sharp|blade)|\braz[oe]r like\b|\bsharp (?:metal|edges?"
        r"|plastic)[^.]{0,40}\b(?:cut|pain|hand|finger|skin)|\bfelt (?:a )?(?:sharp )?pain\b"
        r"|\bsplinter\w*[^.]{0,20}(?:finger|hand|skin)",
    ),
    Rule(
        "en.blood",
        "injury",
        r"\b(?:bleed(?:ing)?|bled|blood(?:y|ied)?|gash(?:es)?|goose egg|black eye"
        r"|knot on (?:my|his|her) head|bump on (?:my|his|her) head|concuss\w+)\b",
        unless=(
            r"blood (?:pressure|test|sugar|boil|thinner)|cold blood"
            r"|bleed(?:ing)? (?:the )?(?:brakes?|air|lines?|money|edge|out)"
            r"|bleed (?:valve|screw)|brake|blood ?hound|bloody (?:thing|company|useless"
            r"|awful)"
        ),
    ),
    Rule(
        "en.fall",
        "injury",
        r"\b(?:i|he|she|wife|husband|mother|father|contact|driver|son|daughter|mom|dad"
        r"|passenger|child|kid|we|they|who) (?:\w+ )?(?:fell|tripped|slipped|stumbled"
        r"|was thrown|was ejected)\b(?! (?:in love|for|asleep|behind|into|apart|through"
        r"|victim|short|out of (?:warranty|love)|on (?:hard|deaf|behind)))"
        r"|\bfell (?:out of|from) the (?:vehicle|truck|car|suv|van|ladder|chair|bed)"
        r"|\bfell (?:to|on) the (?:ground|floor|pavement|concrete)",
        unless=(
            r"(?:door|part|panel|trim|mirror|hood|bumper|piece|glass|window|it|handle"
            r"|wiper) (?:\w+ )?fell|in price|gear slipped|transmission slip\w*"
        ),
    ),
    Rule(
        "en.burn",
        "injury",
        rf"\b(?:burn(?:ed|t|s|ing)?|scald(?:ed|ing|s)?|singed|blister(?:ed|s)?) (?:on "
        rf"|to |onto |in )?(?:{WHOSE} (?:\w+ ){{0,2}}{PART}|me\b|myself\b|himself\b"
        rf"|herself\b|{SOMEBODY})|\b(?:was|were|got|been|is) (?:badly |severely "
        rf"|slightly |also )?(?:burned|burnt|scalded) (?:by|from|when|on|while)|\b(?:1st"
        rf"|2nd|3rd|first|second|third)[- ]degree|\bburns? (?:on|all over|to) (?:my|his"
        rf"|her|the|their)\b[^.]{{0,20}}{PART}|\b(?:caused?|suffered|sustained|received"
        rf"|got|with) (?:\w+ ){{0,3}}burns\b",
        unless=(
            r"burning (?:my|the) (?:nose|money|clutch|eyes)|burns? on the (?:ceiling"
            r"|seat|carpet|paint)|burn me (?:again|out|once)|back (?:window|door|seat"
            r"|up)|to the (?:back|body)|gas|(?:connector|wire|wiring|bulb"
            r"|light)s? (?:was|were|is|had)|['s]s side"
        ),
    ),
    Rule(
        "en.death",
        "injury",
        r"\b(?:killed|died|dead on|deceased|fatal(?:ly|ity|ities)?|passed away|death of"
        r"|drowned|suffocat\w+|strangl\w+)\b",
        unless=(
            r"(?:battery|engine|car|vehicle|truck|phone|motor|it|light|screen|computer"
            r"|transmission|alternator|suv|van|fob|radio|which) (?:\w+ )?(?:died|killed"
            r"|dead)|died (?:again|out|on me|while|when|in the)|kill(?:ed)? (?:the"
            r"|my) (?:battery|engine|power)|dead (?:battery|on arrival)|(?:husband|wife"
            r"|father|mother|dad|mom|he|she) (?:\w+ )?(?:passed away|died) (?:in|last"
            r"|from|of|on|and)|driv\w+ dead"
        ),
    ),
    Rule(
        "en.glass_on_people",
        "injury",
        rf"\b(?:glass|shards?|fragments?|pellets|debris|pieces)\b[^.!?]{{0,60}}\b(?:on"
        rf"|onto|in|into|over|upon|covered|showered?|hit|hitting|struck|down|at"
        rf"|cut) (?:top of )?(?:(?:my|his|her|our|their|the (?:driver|passenger"
        rf"|contact)'?s?) (?:\w+ )?(?:{PART}|hair|shirt|lap|clothes|clothing|eyes)|me\b"
        rf"|us\b|him\b|them\b|{SOMEBODY})|\b(?:covered|showered|sprayed|peppered"
        rf"|rained down|doused) (?:in|with|by|on|us|me) (?:\w+ ){{0,3}}(?:glass|shards"
        rf"|fragments|pellets|us|me)|\bglass (?:all )?over (?:me|us|him|her|them)\b",
        unless=(
            r"back (?:window|door|seat|glass)|on my (?:back|front|car|truck|vehicle)"
            r"|in my (?:car|truck|vehicle|driveway)"
        ),
    ),
    Rule(
        "en.breakdown_of_health",
        "injury",
        r"\b(?:heart attack|stroke|seizure|panic attack|anxiety attack|ptsd|miscarri\w+"
        r"|pulled (?:a|my) (?:\w+ )?muscle|my (?:back|neck|shoulder|head|leg|arm"
        r"|hand)s? (?:still )?(?:hurts?|aches?|is sore|are sore)|sore (?:neck|back|foot"
        r"|arm|shoulder)|nerve damage|chipped (?:a|my) tooth|choked on"
        r"|lost consciousness|passed out|blacked out)\b",
        unless=(
            r"(?:two|four|mid|half|full|up|down)[- ]stroke|four[- ]stroke|stroke engine"
            r"|power ?stroke|nearly gave|almost gave|gave me a heart|about had"
            r"|near heart"
        ),
    ),
)

BODILY_HARM = INJURY
