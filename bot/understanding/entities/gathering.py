"""Those who come, told one after the other: 老两口加上闺女女婿, 我 我妈 还有我姐, 爷爷奶奶带个孙子."""

import re

from bot.understanding.entities.numerals import NUMBER, value

_KIN = (
    "孩[子儿]他?[爸妈]|家那口子|那口子|家里那位|老伴儿?|老公|老婆|老头子?|老太太|老爷子|爱人|儿媳妇?|媳妇|对象|丈夫|妻子|爸爸?|妈妈?|爹|娘|儿子|女儿|闺女|女婿|孩子|宝宝|娃娃?|孙子|孙女|外孙女?"
    "|朋友|同学|同事|邻居|室友|婆婆|公公|丈母娘|老丈人|岳[父母]|爷爷|奶奶|外[公婆]|姥[姥爷]|哥哥?|姐姐?|姐夫|嫂子|弟弟?|弟媳|妹妹?|妹夫|先生|太太|[男女]朋友|闺蜜|小孩儿?|小朋友|大人|老人|保姆|阿姨|姑姑?|姨|舅舅?|叔叔?|亲戚"
)
_UNIT = re.compile(
    r"(?P<pair>(?:我们?|咱们?|俺们?)?(?:[老小]两口子?|两口子|夫妻两?俩?|夫妇俩?|(?:[娘爷]儿?|母女|母子|父子|父女|姐妹?|哥|兄弟|姐弟|婆媳)?(?P<so>[俩仨])(?!人?(?:大人|孩|娃|老|小|孙|儿子|闺女|女儿|朋友|同事)))(?:人)?)"
    rf"|一家(?:子)?(?P<family>{NUMBER})口?(?:人|子)?"
    rf"|(?P<count>{NUMBER}|[俩仨])\s?[个位名口]?(?:我|俺|他|她)?(?:的)?(?:{_KIN}|人)"
    rf"|个?(?:我|俺|咱|他|她)?们?(?:家)?(?:的)?(?:{_KIN})(?!\s?(?:{NUMBER}|[俩仨]))"  # 小孩俩 counts them behind
    r"|(?P<one>(?:我|俺|本人)(?:自己|自个儿?|一个人?|一人)?)"
)
_BETWEEN = re.compile(
    r"(?:[\s,，、。.!+]|和|跟|带着?|领着?|抱着?|加上?|还有|外加|以及|与|同|再|就|都|也|去|来|报名?|算上?|要|是|有|一起|一块儿?|过去|我家|家里|总共?|嗯|吧|啊|呀|呢|的|了|个)*"
)
# 老婆孩子都去 leaves open whether the writer comes as well; 老婆带孩子去 does not.
_BRINGS = re.compile(r"带|领着?|抱")
_PAIRS = {"俩": 2, "仨": 3}


def find_gathering(text: str) -> int | None:
    """How many those are of whom `text` tells, two mentions or more, and of nothing else; None for anything else."""
    counts: list[int] = []
    at, whole = 0, _BRINGS.search(text) is not None
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        if at == len(text):
            return sum(counts) if whole and len(counts) > 1 else None
        unit = _UNIT.match(text, at)
        if unit is None:
            return None
        counts.append(_count(unit))
        whole = whole or bool(unit["pair"] or unit["family"] or unit["one"])
        at = unit.end()


def _count(unit: re.Match[str]) -> int:
    if unit["pair"]:
        return _PAIRS.get(unit["so"] or "", 2)
    told = unit["count"] or unit["family"]
    return (_PAIRS.get(told) or value(told)) if told else 1
