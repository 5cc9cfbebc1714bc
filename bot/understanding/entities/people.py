"""Names of people, and what they are to a home."""

import re
from functools import cache

from bot.understanding.data import lines

_OWN = re.compile(
    r"(?:(?:我的?名字|姓名|名字|本人|鄙人|在下|我|他|她|大名|全名)?[就是的]{0,3}(?:叫(?:我)?做?|名叫|喊我|称呼我)|(?:^|[,。\s])(?:我|他|她|名字|姓名|大名|全名|本人)就?是)[::\s]*(?P<name>[\u4e00-\u9fff·•.]{2,15})"
    r"|(?:姓名|名字|联系人|称呼|业主)\s?[::]\s?(?P<form>[\u4e00-\u9fff·•.]{2,15})"
    r"|(?:免贵)?姓(?P<surname>[\u4e00-\u9fff]{1,2}?)[,。\s]*(?:单名一?个?|名叫?|叫做?)(?P<called>[\u4e00-\u9fff]{1,4})|(?:免贵)?姓(?P<alone>[\u4e00-\u9fff]{1,2})[,。\s]*(?P<given>[\u4e00-\u9fff]{0,4})"
)
_AT_LAST = re.compile(
    r"姓[\u4e00-\u9fff]{1,2}[,。\s].*[,。\s](?:名字?|全名|大名)?叫(?:做)?(?P<name>[\u4e00-\u9fff·]{2,5})(?:[啊呀吧哦])?$"
)
_EXPLAINED = re.compile(
    r"[,。;\s(](?:[\u4e00-\u9fff]{1,4}的[\u4e00-\u9fff]|[\u4e00-\u9fff]字旁|双人旁|木子|弓长|耳东|立早|口天).*$"
)
_ASIDE = re.compile(
    r"^(?:(?:房产证|房本|证件?|身份证|合同|户口本?|产权证)(?:上|里)?(?:登记|写|填|是)?的?(?:名字|姓名)?是?)(?=[\u4e00-\u9fff]{2,4}$)|^(?:(?:登记|写|填)的?(?:名字)?是?)?(?:我|他|她)?(?:的)?(?:老?[爸妈]|父亲|母亲|爱人|老公|老婆|儿子|女儿|闺女|媳妇|老伴|公公|婆婆|岳[父母]|爷爷|奶奶|外[公婆]|姥[姥爷]|哥哥?|弟弟?|姐姐?|妹妹?|丈夫|妻子|孩子|租客|房客|室友)[,。:\s]+"
    r"|^(?:(?:租客|房客|保姆|阿姨|邻居|家属|同住的?)[小老阿][\u4e00-\u9fff][,。\s]+)|^(?:哎|嗯|呃|额|那个|你好|您好|好的|我打字慢|业主|租客|家属|家人|住户)+[,。\s]*|[,。\s]*(?:业主|租客|家属|家人|住户|本人|就是我|谢谢|先生本人)+$|[啊呀吧哦哈的]$"
    r"|^(?:我的?|他的?|她的?)?(?:大名|名字|姓名)(?:是|呢|啊|呀|嘛|吗|么)*[,。:\s]+|[,。\s]*(?:我的?|他的?|她的?)?(?:联系)?(?:电话|手机号?码?|号码)(?:号|是|就是|为|:|打)*[\s□]*$"
)
_BRACKETED = re.compile(r"\([^()]{0,12}\)")
_CALLED = re.compile(r"^[小老阿](?P<surname>[\u4e00-\u9fff])$")
# Names of other tongues are written with these.
_SOUNDS = frozenset(
    "阿艾安奥巴白拜贝比波博卜布才昌措次达旦德迪丁杜多尔尕嘎噶甘格古哈汗合黑吉加佳江杰金卡凯克肯库拉勒力丽罗洛玛买麦曼美米木穆纳娜尼努帕盆普其恰强琼曲热仁若萨赛桑沙山苏索塔坦特提图吐娃旺维乌西希逊雅亚央耶伊依尤孜扎珠卓"
)
_DOTTED = re.compile(r"^[\u4e00-\u9fff]{1,8}(?:[·•.][\u4e00-\u9fff]{1,8}){1,3}$")
_NO_LATIN = "okk|yes|hello|hey|test|none|menu|help|back|cancel|thanks|thx|sure|why|what|wait|stop"
_LATIN = re.compile(rf"^(?!(?:{_NO_LATIN})$)[a-z]{{3,15}}(?: [a-z]{{1,15}}){{0,3}}$")
_TITLE = re.compile(r"(?:先生|女士|小姐|太太|师傅|阿姨|叔叔|大爷|大妈|老师|医生|奶奶|爷爷)$")
# Words that begin like a surname and are none.
_NO_NAME = re.compile(
    r"^(?:谢谢|方便|方面|高兴|明天|明白|后天|时间|时候|马上|安排|安装|全部|全家|单元|水管|水龙|马桶|常见|何时|任何|任意|向前|成功|容易|温度|简单|严重|解绑|解决|管道|管理|管家|应该"
    r"|路口|路灯|车位|车库|查询|查一|费用|关于|和我|和你|来人|来不|元旦|文明|和老|米|全不|解释|车牌|强烈|都|万一|于是|余额|白天|石头|左边|花园|安全|农历|官方|保密|保安|保洁|展示|明年|居民|居委|居住|步骤|战|豆|水电|明明|初一|初二"
    r"|金额|钱不|毛病|雷|江边|周[一二三四五六日末]|连不|游泳|习惯|商量|商铺|党|应付|康复|简介|文件|花钱|花多|成本|关你|关机|解锁|安静|安心|白费|向东|向西|单身|单位|元钱|水|万分|原来|原因|幸好|时不|盖章|练习|布置|言而|强制|来访|和平"
    r"|莫(?:说|写|给|交|管|问|名|要)|于|温馨|任务|辛苦|连接|查看|查查|常用|全是|黄了|金牌|牛的|钟点|方案|卜|冷|甘愿|易|何必|何况|高层|高空|林业|容我|候|贝|强|班车|文字|计划|贾|房子|房东|房号|房主|古|车|成|应|帅|母|来|明)(?![\u4e00-\u9fff]$)"
    r"|^(?:谢谢|方便|明天|后天|时间|马上|安排|全部|保密|不|随便|知道|解绑|查询|任意|明白|高兴|成功|常来|高兴死|安全|房东|房主|单元|管家|保安|路过|来了|来吧|应该|易燃|牛|强|时候|单身|高兴|开心)$"
)
_ENDS_OTHERWISE = re.compile(r"[吗么呢吧了的着过]$|什么|怎么|为什么|多少|可以|不|没|[0-9]")


# 赵磊 房东叫陈国栋 names two people, and the second is asked by nobody.
_OTHERS_NAME = re.compile(
    r"(?<=[\u4e00-\u9fff])[,。;\s]+(?:我们?)?的?(?:房东|业主|房主|户主|老板|中介)(?:的?名字|姓名)?(?:是|叫|姓)+[\u4e00-\u9fff]{2,5}"
)
_WHOLE_NAME = re.compile(
    r"(?:全名|大名|真名|本名|身份证上?的?名?字?|唔啱)[,。\s]*(?:是|叫|系|为)*[,。:\s]*(?P<name>[\u4e00-\u9fff]{2,4})(?:[啊呀吧哦]?$|[,。\s])"
)


def find_name(text: str) -> str | None:
    """The name of a person in normalised `text`, given as the answer to who; None for what is none (稍等)."""
    text = _OTHERS_NAME.sub("", text)
    if (whole := _WHOLE_NAME.search(text)) and (name := _name(whole["name"], introduced=True)):
        return name
    if (last := _AT_LAST.search(text.strip(" ,。.!、"))) and (name := _name(last["name"], introduced=True)):
        return name
    said = _EXPLAINED.sub("", _BRACKETED.sub("", text).strip(" ,。.!、□"))
    if found := _OWN.search(said):
        surname, given = found["surname"] or found["alone"] or "", found["called"] or found["given"] or ""
        name = (
            found["name"]
            or found["form"]
            or (given if given.startswith(surname) else surname + given)
            or surname
        )
        return _name(name, introduced=True)
    return _name(_ASIDE.sub("", _ASIDE.sub("", said))) or _among(said)


_PARTS = re.compile(r"[,，。;；\s□]+")
_KIN = re.compile(
    r"^(?:我|俺|他|她)?们?家?的?(?:老?[爸妈公婆]|父亲|母亲|爱人|儿子|女儿|闺女|儿媳妇?|媳妇|女婿|老伴儿?|公公|婆婆|岳[父母]|爷爷|奶奶|外[公婆]|孙子|孙女|哥哥?|弟弟?|姐姐?|妹妹?|丈夫|妻子|孩子|租客|房客|室友|保姆)(?:名字|姓名|大名)?(?:是|叫)?(?=[\u4e00-\u9fff]{2,4}$)"
)


def _among(said: str) -> str | None:
    """The one name among other words: 孙玉梅 of “我老伴儿名字 孙玉梅”, 陈静怡 of 我闺女陈静怡."""
    parts = [_KIN.sub("", one) for one in _PARTS.split(said)]
    names = {name for one in parts if len(one) <= _LONGEST and (name := _name(one))}
    return names.pop() if len(names) == 1 else None


_LONGEST = 4  # characters of a name that stands by itself


def _name(said: str, *, introduced: bool = False) -> str | None:
    name = said.strip(" ,。.!、:")
    bare = _ASIDE.sub("", name)
    if _DOTTED.match(bare) or _LATIN.match(bare):
        return bare.title()
    if not _HAN.match(bare) or _NO_NAME.search(bare) or _ENDS_OTHERWISE.search(bare):
        return None
    if (called := _CALLED.match(bare)) and called["surname"] in _surnames():
        return bare
    if len(bare) >= _SPELT and _SOUNDS.issuperset(bare):
        return bare
    titled = _TITLE.search(bare)
    longest = 4 + (2 if bare[:2] in _surnames() else 0)
    if bare[:1] in _surnames() or bare[:2] in _surnames():
        return bare if len(bare) <= longest and (len(bare) > 1 or introduced) else None
    return bare if introduced and not titled and 2 <= len(bare) <= 4 else None


_SPELT = 3
_HAN = re.compile(r"^[\u4e00-\u9fff]{1,8}$")


@cache
def _surnames() -> frozenset[str]:
    return frozenset(name for line in lines("surnames.txt") for name in line.split())


_DENIED = re.compile(
    r"(?:不是|并非|不算|又不是)(?:什么)?(?:业主|房主|户主|房东|租客|租户|租的|家人|家属|本人|产权人)[,。;\s]*"
)


def find_relation(text: str) -> str | None:
    """owner, family or tenant: what normalised `text` says its writer is to the home."""
    said = _DENIED.sub("", text)
    return next((relation for relation, pattern in _relations() if pattern.search(said)), None)


@cache
def _relations() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = (line.split("\t") for line in lines("people.tsv"))
    return tuple((row[0], re.compile(row[1])) for row in rows)
