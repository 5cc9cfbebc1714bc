"""Money and head-counts."""

import re

from bot.understanding.entities.gathering import find_gathering
from bot.understanding.entities.numerals import LARGE, NUMBER, value

_MONEY = re.compile(
    r"(?:[¥$]\s?)?(?P<whole>\d{1,9}(?:,\d{3}){0,3}|[零一二两三四五六七八九十百千万]{1,9})(?:\.(?P<cents>\d{1,2}))?\s?(?P<many>万|千|百)?\s?(?:块钱?|元|rmb)(?:(?P<tenths>[1-9一二三四五六七八九])(?:毛|角)?(?!\d))?"
    r"|[¥](?P<sign>\d{1,9}(?:\.\d{1,2})?)"
)
_SUM = re.compile(r"[元块¥]|rmb")  # without one of these nothing is a sum: quicker than the whole pattern
# What a sum is for, of one that is told in shares: 人工三十材料二十.
_SHARE = re.compile(
    r"(?:人工|手工|工时|上门|安装|工|材料|配件|零件|料)[费钱]?(?:是|收了?|要|用了?|花了?)?[:：\s]?"
    rf"(?P<share>{LARGE})(?![\d.]|[点号栋单个根只条套副把米份起共小]|[年月天分次])"
)
_TOTAL = re.compile(rf"(?:共|合计|加起来|总计)[^,。\d]{{0,3}}?(?P<total>{LARGE})")
_SHARED = re.compile(r"[工料件]|上门")  # without one of these nothing is a share
_MANY = {"万": 10_000, "千": 1_000, "百": 100, None: 1}
_FREE = re.compile(
    r"免费|不(?:要|收|用|花)钱|不收费|没(?:有)?(?:要|收|花|给|算)[^,。\d]{0,2}(?:钱|费)|没收(?:$|[,。])|分文|免单|白(?:修|干|送)|零元|^(?:没有|没|无|不要|没要|没收|冇)$|义务"
)
_BARE_SUM = re.compile(
    rf"(?<![\d.])(?P<yuan>{LARGE})(?<!一(?=[共起样直下会点边趟定切些家户件]))(?:\.(?P<cents>\d{{1,2}}))?(?![\d.]|[点号栋单个根只]|[年月天分次])"
)
_KIND = "大人|成人|成年人|小孩|小朋友|孩子|老人|娃娃|娃"
_GROUPS = re.compile(
    rf"(?P<count>{NUMBER})\s?[个位]?(?P<kind>大人|成人|大|小孩|小朋友|孩子|小|老人|老|娃)(?!时|号|的|学|区|早|清早|半|堆|片|圈|会|把|批|帮|伙|摊|块|包|桶)"
)
_NAMED_FIRST = re.compile(rf"(?:{_KIND})\s?(?P<count>{NUMBER}|[俩仨])\s?[个位]?")  # 大人四个小孩俩
_PEOPLE = re.compile(
    rf"(?<![第\d])(?P<count>{NUMBER})\s?[个位口]?[人位名口](?!民|均|行|脸)|一家(?P<family>[两三四五六七八2-8])口?"
)
_CHANGE = re.compile(
    rf"(?:[加多少减添]|增加|减少|再来)(?:上|去|来|了)?{NUMBER}\s?[个位口名]人?"
)  # says by how many
_HEADS = re.compile(r"[人位名口家大小孩老]")
_ALONE = re.compile(rf"^(?P<count>{NUMBER})\s?(?:个|各|位|名|人|口)?人?[吧啊呀了。.!]?$")
_PAIR = re.compile(
    r"(?<![零一二三四五六七八九十])(?P<pair>[俩仨])|我?们?(?P<two>两口子|夫妻|夫妇|小两口|老两口|两家头)"
)
_PAIRS = {"俩": 2, "仨": 3}
# 给我们仨报上, 咱俩去; not 俩孩子, who come along.
_SPOKEN = re.compile(
    r"(?:给|报|留|占|算上?|我们|咱们?|我家|一共)(?:我们|咱们?|我)?(?:留|占)?(?P<pair>[俩仨])(?!大|小|孩|老|孙|娃|个?(?:月|活动|星期|小时|钟))"
)
_SIGNS_UP = re.compile(r"报(?:名|上|个)|参加|留(?:个|两个)?(?:位|名)")
_JUST_ME = re.compile(
    r"(?:就|只有?|只)?(?:我|俺|本人)(?:自己|自个儿?|个人|一个人?|一人|独自)|^(?:就)?(?:单独|独自)(?:去|来|一个人)?$|^就?自己(?:去|来|一个人)?$|^(?:就|只有?)我(?:了|呀|啊|去)?$|^(?:自己|单身|一个人)"
)
_US = re.compile(
    rf"(?:我们?|咱们?|俺们?|一共|总共|共|改成|改为|就|先?报|(?:加上|算上|带上|连)我)(?:一共|总共|是)?\s?(?P<count>{NUMBER})个?(?![点号栋单])"
)
_KIN = (
    r"(?:孩[子儿]他?[爸妈]|家那口子|那口子|家属|家里那位|老伴|老公|老婆|爱人|媳妇|对象|丈夫|妻子|爸爸?|妈妈?|爹|娘|儿子|女儿|闺女|孩子|宝宝|娃|孙子|孙女|外孙|朋友|同学|同事|邻居|室友|婆婆|公公"
    r"|岳父|岳母|爷爷|奶奶|外公|外婆|姥姥|姥爷|哥哥?|姐姐?|弟弟?|妹妹?|先生|太太|女朋友|男朋友|闺蜜|小孩|老人|小的)"
)
_WITH = re.compile(r"(?:我|本人)\s?(?:和|跟|同|带着?|与|还有|、|加)(?P<others>[^,。;!?]{1,20})")
_AND_ME = re.compile(rf"(?P<others>(?:我|俺)?(?:的)?{_KIN})\s?(?:和|跟|带|同|还有|、)(?:着)?我(?!们|家)")
_LISTED = re.compile(r"[,，、\s]+")
_SOMEBODY = re.compile(rf"^(?:和|跟|还有|加上?)?(?:我|俺|本人|(?:我|俺)?(?:的)?{_KIN})[吧啊呀。]*$")
_NOBODY = re.compile(r"(?:人|位|个)(?:都|也)?没有?|没有?人")
_SPOKEN_PAIR = re.compile(r"[俩仨](?=大人|大|小孩|孩|娃|老人|小)")
_SPELLED = {"俩": "两个", "仨": "三个"}
_ONE_OF = re.compile(rf"(?P<count>[两二三四俩仨2-9])?个?(?:我|他|她)?{_KIN}")


_NOT_A_PENNY = re.compile(
    r"(?:一|半|1)(?:分|毛|个子儿?|块)钱?(?:都|也)?(?:没|不)(?!够|止|到)|分文(?:没|未|不)"
)


def find_amount(text: str, *, alone: bool = False) -> int | None:
    """The first sum of money in fen, with `alone` also a bare number (“一百二”) and “没收钱” as 0."""
    if alone and _NOT_A_PENNY.search(text):
        return 0
    if shares := _shares(text):
        return shares
    match = _MONEY.search(text) if _SUM.search(text) else None
    if match:
        return _fen(match)
    if not alone:
        return None
    if _FREE.search(text):
        return 0
    bare = list(_BARE_SUM.finditer(text))
    return 100 * value(bare[-1]["yuan"]) + int((bare[-1]["cents"] or "0").ljust(2, "0")) if bare else None


def _shares(text: str) -> int | None:
    """The sum in fen of what is told in two shares or more, or what they are said to be together."""
    if not _SHARED.search(text):
        return None
    shares = [value(match["share"]) for match in _SHARE.finditer(text)]
    if len(shares) < 2:
        return None
    total = _TOTAL.search(text)
    return 100 * (value(total["total"]) if total else sum(shares))


def _fen(match: re.Match[str]) -> int:
    if match["sign"]:
        return round(float(match["sign"]) * 100)
    yuan = (value(match["whole"].replace(",", "")) + float(f"0.{match['cents'] or 0}")) * _MANY[match["many"]]
    tenths = value(match["tenths"]) if match["tenths"] else 0
    return round(yuan * 100) + tenths * 10


_WHOLE_FAMILY = re.compile(
    r"一大家子?人?|一家子人?(?![一二两三四五六七八九十\d]口)|全家(?:人|老小)?"
)  # counts nobody


_NOT_SO_MANY = re.compile(
    rf"不是(?:{NUMBER}|[俩仨])\s?[个位口]?人?[啊呀,，。\s]*(?:是|而是)?(?=.)"
)  # 不是三个 是两个


def find_party(text: str, *, alone: bool = False) -> int | None:
    """How many people are meant: 三个人, 两大一小, 一家四口; with `alone` also 3, 俩, 我和老伴, 就我一个."""
    if (alone or _HEADS.search(text)) and (told := find_gathering(text)):
        return told
    text = _CHANGE.sub(" ", _WHOLE_FAMILY.sub(" ", _NOT_SO_MANY.sub("", text)))
    if match := _SPOKEN.search(text):
        return _PAIRS[match["pair"]]
    if not alone and _SIGNS_UP.search(text) and (match := _WITH.search(text) or _AND_ME.search(text)):
        return _together(match["others"])
    if not alone and not _HEADS.search(text):
        return None
    if _NOBODY.search(text):
        return None
    if alone:
        text = _SPOKEN_PAIR.sub(lambda found: _SPELLED[found[0]], text)
    named = [_PAIRS.get(match["count"]) or _count(match["count"]) for match in _NAMED_FIRST.finditer(text)]
    if len(named) > 1:
        return sum(named)
    groups = [_count(match["count"]) for match in _GROUPS.finditer(text)]
    if len(groups) > 1:
        return sum(groups)
    if match := _PEOPLE.search(text):
        return _count(match["family"] or match["count"])
    if alone and (told := _told(text)):
        return told
    return groups[0] if groups else None


def _told(text: str) -> int | None:
    """A count as the answer to “how many”."""
    if match := _ALONE.search(text) or _US.search(text):
        return _count(match["count"])
    if match := _WITH.search(text) or _AND_ME.search(text):
        return _together(match["others"])
    if len(named := [one for one in _LISTED.split(text) if one]) > 1 and all(map(_SOMEBODY.match, named)):
        return len(named)
    if match := _PAIR.search(text):
        return _PAIRS.get(match["pair"] or "", 2)
    return 1 if _JUST_ME.search(text) else None


def _count(text: str) -> int:
    """Of 五六个 the lower counts."""
    return value(text[0]) if len(text) == 2 and _UNITLESS.issuperset(text) else value(text)


_UNITLESS = frozenset("一二两三四五六七八九")


def _together(others: str) -> int | None:
    """Oneself and those who are named: 老婆孩子 are two more."""
    counts = [match["count"] for match in _ONE_OF.finditer(others)]
    named = sum(_PAIRS.get(count) or value(count) if count else 1 for count in counts)
    return 1 + named if counts else None
