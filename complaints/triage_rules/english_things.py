"""What people write in English when a thing burns, bursts, poisons, crashes or fails.

Patterns meet the plain form of a text (see reading.py), in lower case. Supposition ("could catch
fire"), negation ("no injuries") and hearsay are taken care of by doubts.py for every rule.
"""

from __future__ import annotations

from complaints.triage_rules.english_words import GLASS
from complaints.triage_rules.rules import Rule

FIRE = (
    Rule(
        "en.fire",
        "fire",
        r"\b(?:caught (?:on )?fire|catch(?:es|ing)? (?:on )?fire|on fire"
        r"|burst into flames?|in flames|flames?|engulfed|burn(?:ed|t)? (?:down"
        r"|to the ground|up completely)|ignited|fire (?:started|broke|erupted|began"
        r"|under the|in the|department (?:came|was called|responded|arrived|had to"
        r"|extinguished|put))|(?:a|an|the) (?:\w+ )?(?:fire|blaze) (?:started|broke"
        r"|erupted|occurred|happened|in)|started a fire|put (?:out )?(?:the"
        r"|a) fire(?: out)?|extinguish(?:ed)? the fire|electrical fire|engine fire"
        r"|house fire)\b",
        unless=(
            r"on fire (?:today|with|lately|sale)|flame (?:color|red|broil|thrower"
            r"|emblem)|flame orange|fire (?:tv|hd|stick|tablet|kindle)|firing|misfir\w+"
            r"|old flame|the flames of"
        ),
    ),
    Rule(
        "en.smoke",
        "fire",
        r"\b(?:smoke (?:was |is |were |has been )?(?:com(?:ing|es)|pour(?:ing|ed|s)"
        r"|billow\w*|fill(?:ed|ing|s)|start(?:ed|ing)|began|rising|rose|everywhere"
        r"|emitt\w+|emanat\w+|bellow\w*|from under|from the (?:dash|engine|hood|vent"
        r"|steering|battery|outlet|plug|unit|device|light|radio|seat))|(?:saw|see|seeing"
        r"|noticed|heavy|thick|black|electrical|filled with|full of"
        r"|lots? of) (?:\w+ )?smoke|(?:started|began|starts|begins|was"
        r"|were) (?:to )?smok(?:e|ing)|smok(?:ing|ed) (?:from|under|and)|smolder\w*"
        r"|smoulder\w*)\b",
        unless=(
            r"exhaust|tail ?pipe|white smoke|non[- ]?smok|blow(?:s|ing)? (?:\w+ )?smoke"
            r"|cigar|smoke (?:detector|alarm|free|shop|break)|tires? smok"
            r"|smoking (?:room|area|policy|section|hot)|no smoking|smoked (?:salmon"
            r"|meat)"
        ),
    ),
    Rule(
        "en.sparks",
        "fire",
        r"\b(?:sparks? (?:were |was |are |came |coming |flew |flying |shot |shooting "
        r"|out |from |started|everywhere)|sparking|sparked (?:and|when)|saw sparks"
        r"|arc(?:ed|ing) (?:and|electric))",
        unless=r"spark plugs?|sparked (?:interest|joy|my)|ford spark|chevy spark",
    ),
    Rule(
        "en.exploded",
        "fire",
        r"\b(?:explo(?:ded|des|ding|sion)|blew up|blown up|detonat\w+|imploded)\b",
        unless=(
            rf"{GLASS}|explosion of (?:flavo|colo)|explosive growth|blew up (?:on|at) me"
            rf"|blew up (?:the|a|my) (?:picture|photo|balloon|tire|air)"
            rf"|blew up (?:my )?(?:phone|inbox)|head gasket|sales explo|engine blew"
            rf"|blown up (?:out|over)|price\w* explo|explosion proof|sounded like"
            rf"|like an? (?:\w+ )?explosion|loud explosion (?:sound|noise)"
        ),
    ),
    Rule(
        "en.burst",
        "fire",
        r"\b(?:battery|bottle|pressure cooker|canister|can|lid|pot|charger|phone|laptop"
        r"|oven door|shower door|tire|tires|hose|boiler|heater)\b[^.!?]{0,25}\b(?:burst"
        r"|shattered|ruptured|blew out|blew off|popped open)\b",
        unless=(
            r"burst (?:of|into (?:tears|laugh))|tire pressure|phone screen|can[' ]t"
            r"|can (?:be|not|have)|can burst"
        ),
    ),
    Rule(
        "en.burning_smell",
        "overheating",
        r"\b(?:burning (?:smell|odor|rubber|plastic|electrical)|smell(?:s|ed"
        r"|ing)? (?:of |like |something )?(?:burn(?:ing|t)|smoke|electrical|gas\b"
        r"|gasoline|fuel)|melt(?:ed|ing|s)?|overheat(?:ed|ing|s)?|short(?:ed|s"
        r"|ing)?[- ](?:out|circuit\w*)|scorch(?:ed)?|charred|swollen battery"
        r"|battery (?:swell\w*|swelled|bulg\w*))\b",
        unless=r"ice|snow|butter|cheese|melt in|heart|clutch",
    ),
    Rule(
        "en.shock",
        "shock",
        r"\b(?:electrocut\w+|electric(?:al)? shocks?|shocked (?:me|my|him|her|us|the)"
        r"|got shocked|was shocked by the|(?:gave|give|got|received) (?:me |us |him "
        r"|her )?(?:a |an )?(?:\w+ )?(?:electric )?shock|zapped|electric leakage)\b",
        unless=(
            r"shocked (?:that|to|at|when|by how|by the (?:price|cost|quote|response))"
            r"|shock (?:absorb|of the|when|at)|sticker shock|state of shock"
            r"|culture shock|in shock|shocks?(?: and|,) struts"
        ),
    ),
    Rule(
        "en.gas",
        "gas",
        r"\b(?:gas leak(?:ed|ing|s)?|leak(?:ed|ing|s)? (?:natural )?gas\b"
        r"|carbon monoxide (?:poison\w*|alarm went|detector went|level|leak\w*"
        r"|in(?:to)? the (?:cabin|vehicle|car|house|home))|co2? poison\w*|toxic fumes"
        r"|(?:exhaust|gas|gasoline|fuel) (?:fumes?|smell"
        r"|odor)[^.!?]{0,80}\b(?:headaches?|nause\w*|sick|dizz\w*|ill|lightheaded"
        r"|vomit\w*|pass(?:ed|ing) out|burning eyes|eyes burn))",
    ),
    Rule(
        "en.fumes_illness",
        "illness",
        r"\b(?:headaches?|nause\w+|dizz\w+|light[- ]?headed\w*|vomit\w*|throwing up"
        r"|threw up|sick(?:ened)?|drows\w+|ill)\b[^.!?]{0,80}\b(?:fumes?|exhaust"
        r"|carbon monoxide|odor|smell|mold|eating|ate|drinking|taking|using)\b"
        r"|\b(?:fumes?|exhaust|carbon monoxide|odor|mold|eating|ate|drinking"
        r"|after taking)\b[^.!?]{0,80}\b(?:headaches?|nause\w+|dizz\w+"
        r"|light[- ]?headed\w*|vomit\w*|throwing up|threw up|(?:got|get|getting|made"
        r"|makes|feel|felt|feeling|became|very|so) (?:me |us |\w+ )?(?:sick|ill))\b",
        unless=r"sick (?:of|and tired|leave|day)|sick to my stomach (?:that|when)",
    ),
)

CRASH = (
    Rule(
        "en.crash",
        "crash",
        r"\b(?:(?:caus(?:ed|ing)|had|involved in|been in|was in|were in|got (?:in|into)"
        r"|resulted in|resulting in|during|after|following) (?:a |an |the |my "
        r"|this )?(?:\w+[- ]){0,2}(?:crash|accident|collision|wreck)|(?:crashed|collided"
        r"|slammed|plowed|rammed|skidded|ran|drove|went|rolled|swerved) (?:\w+ )?(?:into"
        r"|with|off) (?:a |an |the |my |another |our )?(?:\w+ )?(?:tree|deer|animal|car"
        r"|vehicle|truck|wall|pole|pedestrian|guard ?rail|curb|ditch|trailer|garage"
        r"|house|fence|road|median|barrier|building|post|embankment|mailbox)"
        r"|rear[- ]ended|t-boned|side ?swiped|head[- ]on|rolled ?over|totaled|totalled"
        r"|airbags? deployed|crashed\b)",
        unless=(
            r"(?:computer|system|app|software|screen|radio|sync|apim|website|phone|hood"
            r"|hatch|lid|gate|down|it|to (?:the ground|come)|come"
            r"|came) (?:\w+ )?crash\w*|crash(?:ed|ing) down|crash (?:test|rating|worth)"
            r"|no accident|accident[- ]free|previous(?:ly)? (?:\w+ ){0,3}accident"
            r"|prior accident|been in (?:a|an|any) (?:\w+ )?accident\?|car ?fax"
            r"|rollover (?:minutes|date|risk)|ira|401|account|insurance (?:\w+ )?totaled"
        ),
    ),
    Rule(
        "en.hit_thing",
        "crash",
        r"\b(?:i|we|he|she|it|and|tailgate|vehicle|car|truck|have|contact|driver|door"
        r"|hood|then|which) (?:\w+ )?(?:hit|struck|sideswiped|clipped|hitting"
        r"|striking) (?:and \w+ )?(?:a |an |another |the |my |our "
        r"|an oncoming )(?:\w+ ){0,2}(?:animal|deer|tree|car|vehicle|wall|pole"
        r"|pedestrian|guard ?rail|trailer|camper|rv|recreational vehicle|person|cyclist"
        r"|bicycl\w+|motorcycl\w+|building|ditch|median|dog|cow|mailbox|concrete|fence"
        r"|barrier|house|garage)\b",
        unless=(
            r"(?:rock|stone|nothing|something|object|debris|hail|bird)[^.]{0,12} (?:hit"
            r"|struck)|almost|nearly"
        ),
    ),
    Rule(
        "en.glass_burst",
        "broken_glass",
        rf"\b{GLASS}\b[^.!?]{{0,45}}\b(?:explod\w*|shatter(?:ed|s|ing) (?:on|over|into"
        rf"|onto|inward|all over)|burst|blew (?:out|in|up|off)|imploded)|\b(?:explod\w*"
        rf"|blew out|burst)\b[^.!?]{{0,25}}\b{GLASS}",
        unless=r"balloon|speaker",
    ),
    Rule(
        "en.loss_of_control",
        "loss_of_control",
        r"\b(?:lost (?:all )?control of|lost control|no brakes?\b"
        r"|brakes? (?:\w+ ){0,2}(?:failed|went out|gave out|stopped working"
        r"|did ?n[o']t (?:work|stop|respond))|brake failure"
        r"|steering (?:\w+ ){0,2}(?:locked(?: up)?|failed|went out|seized)|(?:unintended"
        r"|sudden|uncontrolled|sudden unintended) acceleration|accelerat(?:ed|es"
        r"|ing) (?:on its own|by itself|uncontrollably|without)|(?:wheel|tire|axle|hood"
        r"|bumper|driveshaft|ball joint) (?:\w+ ){0,2}(?:fell off|came off|flew off"
        r"|flew up|broke off|detached|separated|flew open)[^.!?]{0,60}(?:highway|freeway"
        r"|interstate|driving|mph|miles per hour|road)|(?:driving|highway|freeway"
        r"|interstate|mph)[^.!?]{0,60}\b(?:wheel|tire|axle|hood"
        r"|driveshaft) (?:\w+ ){0,2}(?:fell off|came off|flew off|flew up|detached"
        r"|flew open))",
        unless=(
            r"lost control of (?:the )?(?:situation|my (?:account|money|temper))"
            r"|brake light|parking brake light|control module|remote control"
        ),
    ),
)

FOOD = (
    Rule(
        "en.food_poisoning",
        "illness",
        r"\b(?:food[- ]?poison\w*|diarrh\w*|salmonella|e\.? ?coli|listeria"
        r"|stomach (?:cramps?|pains?|flu|ache|bug)|(?:got|get|became|made (?:me|us|him"
        r"|her|my \w+)|fell) (?:\w+ )?(?:sick|ill) (?:after|from|eating|when we ate)"
        r"|(?:threw|throwing) up|vomit(?:ed|ing)?)\b",
        unless=r"vomit (?:color|smell)|sick (?:of|and tired)",
    ),
    Rule(
        "en.foreign_body",
        "foreign_body",
        r"\b(?:found|bit into|bit down on|there (?:was|were)|had|discovered|contained"
        r"|noticed|saw) (?:\w+ ){0,4}(?:glass|metal|plastic|wire|bugs?|insects?"
        r"|roach(?:es)?|cockroach(?:es)?|maggots?|worms?|mou?se|rat|rodent|needle|blade"
        r"|screw|nail|bone fragment|larva\w*|weevils?|flies|fly) (?:\w+ ){0,2}(?:in"
        r"|inside|into) (?:my|the|our|his|her|it|a) (?:\w+ ){0,3}(?:food|salad|soup"
        r"|sandwich|burger|drink|meal|cereal|can|bottle|rice|pizza|bread|milk|yogurt"
        r"|meat|chicken|package|bag|candy|chocolate|formula|bar|coffee|tea|order|dish"
        r"|sauce|pasta)\b",
    ),
    Rule(
        "en.spoiled_food",
        "spoiled_food",
        r"\b(?:food|milk|meat|chicken|yogurt|bread|fish|formula|baby food|medicine"
        r"|medication|drug|meal|juice|cheese|egg\w*)\b[^.!?]{0,25}\b(?:was|were|is|had"
        r"|been|arrived|tasted|smelled) (?:\w+ ){0,2}(?:spoil(?:ed|t)|rotten|moldy"
        r"|mouldy|rancid|expired|contaminated|gone off|gone bad|gone sour|raw)\b"
        r"|\b(?:spoil(?:ed|t)|rotten|moldy|mouldy|rancid|expired|contaminated) (?:food"
        r"|milk|meat|chicken|yogurt|bread|fish|formula|medicine|medication|drugs?|juice"
        r"|cheese|egg\w*)\b",
    ),
    Rule(
        "en.allergy",
        "allergy",
        r"\b(?:allergic reaction|anaphyla\w*|hives|(?:broke|break(?:ing)?) out in"
        r"|skin (?:rash|irritation|burn\w*|peel\w*|reaction)|rash(?:es)? (?:on|all over"
        r"|after)|(?:face|lips?|eyes?|tongue|throat|skin|hand"
        r"|finger) (?:\w+ )?(?:swelled|swollen|swelling)|chemical burns?|got a rash"
        r"|developed a rash)\b",
    ),
    Rule(
        "en.swallowed",
        "swallowed",
        r"\b(?:swallow(?:ed|ing)|ingest(?:ed|ing)|chok(?:ed|ing)|aspirat\w+|suffocat\w+"
        r"|strangl\w+) (?:on )?(?:\w+ ){0,3}(?:batter\w+|magnets?|part|piece|toy|button"
        r"|bead|coin|plastic|glass|metal|cord|string|it|bone)\b|\b(?:baby|child|toddler"
        r"|infant|son|daughter|kid|he|she) (?:\w+ )?(?:swallowed|was choking|choked"
        r"|stopped breathing|turned blue)\b",
    ),
)

VEHICLE = (
    Rule(
        "en.vehicle_hazard",
        "vehicle_hazard",
        r"\b(?:air ?bags? (?:\w+ ){0,3}(?:did ?n[o']t|did not|failed to|never|do not"
        r"|not) (?:\w+ )?(?:deploy|inflate|go off|open)"
        r"|(?:door|hatch|liftgate|tailgate|hood|doors) (?:\w+ ){0,4}(?:flew|flies|flying"
        r"|swung|swings|swinging|popp?(?:ed|s|ing)|came|comes|blew"
        r"|fl[iy]ng) (?:wide )?open"
        r"|(?:door|doors|hatch|liftgate|tailgate) (?:\w+ ){0,5}(?:open(?:ed|s|ing)"
        r"|unlatch(?:ed|es|ing)) (?:\w+ ){0,6}(?:while|when|during|on the (?:highway"
        r"|road|freeway)|as (?:i|we|she|he)) (?:\w+ ){0,3}(?:driv\w+|moving|turn\w*"
        r"|in motion)"
        r"|(?:while|when) (?:\w+ ){0,2}(?:driving|turning|moving"
        r"|in motion)[^.!?]{0,60}\bdoors?\b[^.!?]{0,25}\b(?:open(?:ed|s)|unlatch\w*)"
        r"|doors? (?:\w+ ){0,4}(?:(?:wo(?:n't| not)|will not|does(?:n't| not)|did(?:n't"
        r"| not)|do(?:n't| not)|would(?:n't| not)) (?:\w+ )?(?:close|latch|shut"
        r"|stay (?:closed|shut|latched)))"
        r"|stalled (?:\w+ ){0,3}(?:on|in|while)|(?:shuts?|turned) (?:off"
        r"|down) (?:while driving|on the highway|in the middle)|(?:engine"
        r"|power) (?:\w+ ){0,2}(?:died|quit|shut off|cut out) (?:\w+ ){0,3}(?:while|on"
        r"|in)|lost (?:all )?power (?:while|on|in)|seat ?belts? (?:\w+ ){0,2}(?:failed"
        r"|broke|would not|came undone)|roll(?:ed|s) (?:away|backwards?))\b",
    ),
    Rule(
        "en.concern",
        "concern",
        r"\b(?:(?:very|extremely|so|really|incredibly|quite) (?:dangerous|unsafe)"
        r"|safety (?:hazard|issue|concern|risk|defect)|dangerous|unsafe|hazardous"
        r"|life[- ]threatening)\b",
        as_written=True,
    ),
)

DANGEROUS_THINGS: tuple[Rule, ...] = (*FIRE, *CRASH, *FOOD, *VEHICLE)
