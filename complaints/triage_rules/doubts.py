"""What takes words back: a product's name, a figure of speech, a no, a what-if, somebody's story.

Each check looks at a bounded piece of text around the words, so that the whole stays linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WIDEST = 140


@dataclass(frozen=True)
class Surroundings:
    """Some words of a text, with what stands before and after them in the same clause."""

    before: str
    words: str
    after: str

    @property
    def clause(self) -> str:
        """The words and what is close around them."""
        return self.before + self.words + self.after


@dataclass(frozen=True)
class Language:
    """How a language ends clauses, and how it doubts."""

    clause_end: re.Pattern[str]
    reach: int
    close: int
    names: re.Pattern[str]
    denied_before: re.Pattern[str]
    denied_after: re.Pattern[str]
    supposed_before: re.Pattern[str]
    supposed_after: re.Pattern[str]
    near_miss: re.Pattern[str]

    def around(self, text: str, start: int, end: int) -> Surroundings:
        """Return the clause in which `text[start:end]` stands, cut off at a distance."""
        before = text[max(0, start - self.reach) : start]
        after = text[end : end + self.reach]
        cut = max((mark.end() for mark in self.clause_end.finditer(before)), default=0)
        found = self.clause_end.search(after)
        return Surroundings(
            before[cut:], text[start:end], after[: found.start()] if found else after
        )

    def close_around(self, around: Surroundings) -> str:
        """Return the words with a few characters on each side."""
        return around.before[-self.close :] + around.words + around.after[: self.close]

    def named(self, around: Surroundings) -> bool:
        """Say whether the words are part of a product's name or a figure of speech."""
        close = self.close_around(around)
        start = len(around.before[-self.close :])
        end = start + len(around.words)
        return any(name.start() < end and name.end() > start for name in self.names.finditer(close))

    def denied(self, around: Surroundings) -> bool:
        """Say whether the clause says that it did not happen."""
        return bool(
            self.denied_before.search(around.before) or self.denied_after.match(around.after)
        )

    def supposed(self, around: Surroundings) -> bool:
        """Say whether the clause only fears, warns, supposes, compares or retells."""
        return bool(
            self.supposed_before.search(around.before) or self.supposed_after.match(around.after)
        )

    def nearly(self, around: Surroundings) -> bool:
        """Say whether it almost happened: a danger, if not a harm."""
        return bool(self.near_miss.search(around.before))


_ZH_BETWEEN = (
    "(?:任何|什么|再|出现|发生|造成|导致|引起|引发|人|过|有|到|被|让|一点|半点|那么"
    "|这么|太|很|的|一[个次点丝]|感觉|觉得|担心|怕|可能|会|出|什么的){0,4}"
)

CHINESE_DOUBTS = Language(
    clause_end=re.compile(r"[,。!?;:\n]|(?:但是?|可是|不过|结果|然而|却|没想到|不料|谁知)"),
    reach=40,
    close=16,
    names=re.compile(
        "火龙果|灭火(?:器|毯|弹)?|防火墙?|防爆|防烫|防漏|防触|防摔|防滑|防撞|防过敏"
        "|抗过敏|抗敏|脱敏|过敏体质|过敏肌|过敏源|易过敏|漏电(?:保护|开关|断路|报警)"
        "|安全(?:座椅|帽|套|期|感|带|锁)|爆炸(?:盐|头|性|糖|螺丝|好|美|帅|酷|赞)"
        "|炸(?:鸡|酱|薯|串|鱼|虾|丸|弹|毛|锅|街|油条)|油炸|空气炸|红烧|烧烤|烧饼|烧腊"
        "|烧麦|烧茄|烧肉|烧友"
        "|发烧(?:友|级|线|耳)|火(?:锅|腿|热|鸡|车|箭|速|辣|候|爆|柴|龙)|毒(?:舌|液|霸"
        "|奶)|杀毒|病毒|血(?:橙|条|亏|压|统|本|战|拼|汗)|大出血|吐血|吐槽|吐泡|气炸"
        "|气爆"
        "|爆(?:款|满|棚|料|赞|火|红|好|单|炒|肚|米花|浆|表|仓|珠)|弱爆|火爆|(?:好吃|帅"
        "|酷|美|超|差|烂|卡|丑|难吃|垃圾|便宜|香|甜|气|累|烦)(?:到|得)?爆(?:炸|了)?"
        "|卡炸"
        "|伤(?:心|感|不起|脑筋|自尊)|心(?:很|都|也|好|真的?)?(?:受伤|滴血|在滴血|流血)|虫(?:草|牙|胶|洞)|网虫|懒虫|害虫|吃货|烟熏|烟火气|烟台|烟嘴"
        "|打火机|发火|大火|小火|恼火|窝火|上火|冒火|着火点|一把火|火大|电人心|消毒|中毒似"
    ),
    denied_before=re.compile(
        f"(?:没有?|未|无|并非|不曾|从未|毫无|免于|避免|防止?|预防|谨防|以防|杜绝|以免"
        f"|免得|远离|零|别说|(?<!得)(?<!能)不会?|不是){_ZH_BETWEEN}$"
        f"|从来?没有?[^,]{{0,5}}$"
    ),
    denied_after=re.compile(
        "(?:倒是?|现象|的?情况|之类的?|什么的)(?:都|也|是|暂时|目前)*(?:没|不)"
    ),
    supposed_before=re.compile(
        "(?:怕|担心|害怕|生怕|唯恐|万一|如果|要是|假如|倘若|若是|一旦|会不会|是不是"
        "|是否|小心|当心|注意|警惕|想让|要让|难道|预防|提防|诅咒|可别|别(?!人)|就怕"
        "|能(?:够|把)?(?=[^,了]{0,3}$)|以为|等着|迟早|早晚|说不定|没准|搞不好|弄不好"
        "|难免|号称|足以|担忧|唯恐)"
        "[^了]{0,10}$|(?:可能|也许|恐怕|容易|一定|肯定|铁定|绝对|估计"
        "|大概)[^了]{0,4}会?[^了已]{0,2}$(?<=会)|(?:可能|容易)(?:会|要|导致|引起|造成"
        "|引发)[^了]{0,8}$|不(?:知道?|晓得|清楚)[^了]{0,10}(?:还是|会不会|是不是"
        "|是否)[^了]{0,8}$"
        "|(?:听说(?!是)|据说|据悉|据报道|网上说|新闻|传说|看到(?:有人|别人|评论|网友)"
        "|评论(?:里|说)|有人说|别人说|都说|网友|小说|电影|电视剧|谣言|历史上"
        "|广告)[^。]{0,20}$"
        "|(?:像|好像|跟|和|似乎|仿佛|如同|犹如|简直)[^,]{0,6}(?:要|快)[^,]{0,2}$|(?:都"
        "|快|就|得|的|简直)要[^,]{0,2}$|要不是[^,]{0,10}$|希望(?:不要|别"
        "|不会)[^,]{0,6}$|差点|早就$"
    ),
    supposed_after=re.compile(
        "了?(?:一样|似的|一般似?|般的?)|(?:的?)(?:风险|危险|可能|隐患|几率|概率)|怎么办|谁负责|了?[吗么](?:[,!?]|$)|了?谁(?:来)?负责"
    ),
    near_miss=re.compile("(?:差[点一]儿?|险些|几乎)[^了]{0,8}$"),
)

_EN_WORDS = r"(?:\s+[\w'/%-]+)"

ENGLISH_DOUBTS = Language(
    clause_end=re.compile(r"[.!?;\n]|\bbut\b|\bhowever\b|\balthough\b|\bthough\b|\buntil\b"),
    reach=WIDEST,
    close=34,
    names=re.compile(
        r"fire[- ]?(?:extinguishers?|risks?|hazards?|recalls?|walls?|tv|hd|stick"
        r"|tablets?|places?|wood|arms?|works?|sales?|alarms?|drills?|trucks?|stations?"
        r"|proof|fly|fox|bird|pit|retardant|resistant|safety|dept recall)"
        r"|kindle fire|amazon fire|fire 7|fire hd|ceasefire|on fire (?:with|today)"
        r"|crash (?:tests?|ratings?|course|avoidance|worth\w*|pad|risk|safety"
        r"|mitigation)|accident (?:report|history|free|waiting|forgiveness|prone"
        r"|avoidance|insurance|risk)|injury (?:risk|lawyer|attorney|prevention)"
        r"|air ?bag (?:light|warning|recall|sensor|module)|flame[- ]?(?:retardant"
        r"|resistant)|smoke (?:detectors?|alarms?|free|colou?r|grey|gray)"
        r"|smoke[dy]? (?:salmon|meat|glass|lens|tint)|explosion[- ]proof"
        r"|child(?:proof)?[- ](?:safety )?locks?|shock absorbers?|cut ?off|burn(?:ed"
        r"|t)? out|burning up|burned (?:oil|through)|death (?:trap|wobble)|deathly"
        r"|killer|dead ?lock|hospital bills?"
    ),
    denied_before=re.compile(
        rf"\b(?:no|not|never|without|none|nobody|nothing|neither|nor|no one|zero|(?:did"
        rf"|do|does|was|were|is|are|has|have|had|would|wo|ca|could)n't|thank\w* no"
        rf"|luckily no|fortunately no|unlikely to|free of|instead of"
        rf"|rather than){_EN_WORDS}{{0,4}}\s*$"
    ),
    denied_after=re.compile(
        r"\s*(?:was|were|is|are|had|has|have|did|occurred|happened|resulted)?\s*(?:not"
        r"|n't|never|were not|none)\b|\s+(?:was|were) (?:avoided|prevented|averted"
        r"|narrowly)"
    ),
    supposed_before=re.compile(
        rf"\b(?:could|can|may|might|would|should|will|shall|if|in case|in the event"
        rf"|in an event|event of|risks?|risk of|risking|potential(?:ly)?|possib(?:le|ly"
        rf"|ility)|likely|likelihood|waiting|prevent\w*|avoid\w*|fear\w*|afraid|scared"
        rf"|worr(?:y|ied|ies|ying)|concern\w*|chances?|hazard\w*|going to|gonna|unless"
        rf"|what if|forbid|almost|nearly|danger of|dangers?|lead to|leading to|increas\w+"
        rf"|able to|subject to|imagine|warn\w*|heard (?:of|about|that|from)|read"
        rf"|reports? of|reading|reported"
        rf"|other (?:owners|people|vehicles|cars|drivers)|others|known to|prone|before"
        rf"|to be|threat\w*|causes|cause|hope|wait\w*|protect\w*|safety|escape|during a"
        rf"|dont want|don't want|so that|similar|recalls?|in order to|need to"
        rf"|(?:\w+ )?someone|somebody|anyone|another){_EN_WORDS}{{0,9}}\s*$"
        rf"|\b(?:if|when someone|in case|what if|should)\b[^.]{{0,70}}$"
    ),
    supposed_after=re.compile(
        r"\s*(?:or (?:even )?(?:worse|death|killed) )?(?:waiting to happen|risk|hazard"
        r"|could|may|might|would|is (?:possible|likely|inevitable|imminent)"
        r"|are (?:possible|likely)|to (?:happen|occur))"
    ),
    near_miss=re.compile(
        rf"\b(?:almost|nearly|narrowly|close to|just missed|barely){_EN_WORDS}{{0,5}}\s*$"
    ),
)
