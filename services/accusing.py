"""Whom of those who work here words accuse: by name, by what people call them, or by their work alone.

Where it is one of several, all of them are meant: whoever it may be does not read it until it is known.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.people import Role
from models.readings import lazy_pinyin

_OF_PEOPLE = re.compile("员工|师傅|人员|客服|保安|保洁员|态度")  # topics
_TITLES = (
    "师傅|主管|经理|客服|前台|保安|管家|工程师|主任|队长|班长|组长|助理|会计"
    "|女士|小姐|先生|大姐|阿姨|姐|哥|工|总"
)
_TITLED = re.compile(f"^(?:{_TITLES})|(?:{_TITLES})$")
_CALLED = "[小老阿]"  # before a surname
_NOT_CALLED = "(?![层子女儿病同园车路法桶道头西区])"  # 小高层, 小孙子, 老毛病 are nobody
_DOUBLE = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "夏侯",
    "慕容",
    "皇甫",
    "尉迟",
    "公孙",
    "令狐",
    "端木",
    "司徒",
    "南宫",
    "东方",
)
_PEOPLE = "员工"
_TOLD = "(?:就是|说的是|投诉的是|名字[是叫]|[他她]叫|[他她]姓|[他她]是)"
_COMMON = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾萧肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦"
    "贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武戴孔汤庞樊兰殷施洪翟安倪严牛温芦季俞章鲁葛伍申尤毕聂柴焦向柳邢岳齐"
    "梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍霍翁隋甘景单包司柏宁柯阮桂闵解车房吉饶瞿戚丘古米池"
)
_COMPLAINING = "(?:投诉|举报|反映)[^，。！？；]{0,8}"
_WRONG = (
    "骂|吼|凶|侮辱|不耐烦|甩脸|脸色|爱理不理|爱答不理|不理人|不理我|没礼貌|不礼貌|没素质|素质[低差]|推诿|推卸|敷衍|糊弄"
    "|忽悠|欺负|威胁|恐吓|动手|打人|打了|推了|乱收|多收|私收|索要|索贿|红包|好处费|回扣|偷|骗|撒谎|说谎|挂[了断我]{0,3}电话"
    "|冷言冷语|阴阳怪气|难听|话[太很真好这么]{0,2}[冲狠]|刻薄|骚扰|歧视|嘲笑|讽刺|冷漠|傲慢|嚣张|白眼|刁难|踢皮球|不作为"
    "|失职|玩手机|喝酒|醉|迟到|态度[^，。！？；]{0,4}[差坏恶劣冷横糟]|态度不|态度有问题|服务[太很真]{0,1}差"
)
_ACCUSED = f"[^。！？；\n]{{0,16}}(?:{_WRONG})"
_CLERKS = "前台|客服|管家|接待|窗口|办事员|接线员|接电话|值班员"
_SOMEBODY = (
    "工作人员|员工|物业的?(?:人|那个)|挂[了断我的]{0,3}电话|电话里"
    "|你们[^，。！？；]{0,6}(?:的人|个人|女的|男的|姑娘|小伙|大姐|大妈|大叔|阿姨|女人|男人)"
)
_OTHERS = "师傅|维修|修理|水电工|电工|水工|工人|保安|门岗|保洁|绿化|快递|外卖"
# 小徐，你看看; 徐姐帮我登记一下: at the head of a clause, called by their name
_CALLS = r"(?:(?<=[，。！？；,!?;\s])|^)(?:{})(?:[您你]好|[啊呀哎哈])?(?:[，,！!。：:\s]+|(?=[你您我帮请替给能可麻]))"
_AGAINST_YOU = "(?:投诉|举报)(?:的就是)?[你您](?!们)"
_LEADERS = "(?<![找叫让要请见跟向给])(?:经理|主管|主任|领导|负责人|老总|老板)"


@dataclass(frozen=True, slots=True)
class Accused:
    """All whom it may be about: the ids of staff and of technicians."""

    staff: frozenset[int] = frozenset()
    technicians: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.staff or self.technicians)


@dataclass(frozen=True, slots=True)
class Worker:
    """`role` is None for a technician."""

    id: int
    name: str
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Who works for a community, or did."""

    staff: Sequence[Worker]
    technicians: Sequence[Worker]

    def meant(self, topic: str, story: str) -> Accused:
        """Who is named, or may be by the work that is spoken of; nobody where that is not clear."""
        named, anywhere = self.named(topic, story), _of_people(topic)
        if named.staff:
            return named
        roles = _roles(story, anywhere=anywhere and not named)
        theirs = frozenset(one.id for one in self.staff if one.role in roles)
        return Accused(theirs, named.technicians)

    def named(self, topic: str, story: str) -> Accused:
        """Who is called by name, by their surname and a title, or as colleagues and neighbours would call them.

        Where nobody is called so, whose surname only sounds like it: 小许 of a voice message is 小徐.
        """
        return self._named(topic, story, by_sound=False) or self._named(topic, story, by_sound=True)

    def speaks_against(self, staff_id: int, text: str) -> bool:
        """Whether words in a talk with this one are against them: who is only called by name, or scolded to their
        face, goes on with it."""
        them = next((one for one in self.staff if one.id == staff_id), None)
        if them is None:
            return False
        bare = re.sub(_CALLS.format(_spelled(them.name, by_sound=False)), "", text)
        return bool(re.search(_AGAINST_YOU, bare)) or staff_id in self.named("", bare).staff

    def pointed_to(self, added: str) -> Accused:
        """Who is accused in what is added later, or told to be the one; who only called about it is not."""
        named = self.named("", added)
        told = re.search(f"{_TOLD}[^，。！？；]{{0,12}}", added)
        return named or (self.named(_PEOPLE, told[0]) if told else named)

    def _named(self, topic: str, story: str, *, by_sound: bool) -> Accused:
        anywhere = _of_people(topic)
        staff, technicians = (
            frozenset(
                one.id
                for one in people
                if _accuses(story, _spelled(one.name, by_sound=by_sound), anywhere=anywhere)
            )
            for people in (self.staff, self.technicians)
        )
        return Accused(staff, technicians)


def complains(text: str) -> bool:
    """Whether words may say that somebody did wrong; about whom is for `Known`."""
    return bool(re.search(f"{_COMPLAINING}|{_WRONG}", text))


def _of_people(topic: str) -> bool:
    """Then whoever is spoken of is accused; else words have to say so."""
    return bool(_OF_PEOPLE.search(topic))


def _accuses(story: str, whom: str, *, anywhere: bool) -> bool:
    spelled = f"(?:{whom})"
    return bool(re.search(spelled if anywhere else f"{_COMPLAINING}{spelled}|{spelled}{_ACCUSED}", story))


def _roles(story: str, *, anywhere: bool) -> Collection[Role]:
    found: set[Role] = set()
    somebody = anywhere and not re.search(_OTHERS, story) and re.search(_SOMEBODY, story)
    if somebody or _accuses(story, _CLERKS, anywhere=anywhere):
        found.add(Role.SERVICE)
    if re.search(f"{_LEADERS}{_ACCUSED}", story):
        found |= {Role.SUPERVISOR, Role.LEADER}
    return found


@lru_cache(maxsize=2048)
def _spelled(name: str, *, by_sound: bool) -> str:
    """A pattern of all that somebody of this name is called."""
    bare = _TITLED.sub("", name) or name
    if len(bare) == 2 and re.match(_CALLED, bare):
        return "|".join(_by_surname(bare[1], by_sound=by_sound))
    surname = next((one for one in _DOUBLE if bare.startswith(one)), bare[0])
    given = bare.removeprefix(surname)
    own = [_family(surname, by_sound=by_sound) + re.escape(given)] if given else [re.escape(name)]
    return "|".join((*own, *_by_surname(surname, by_sound=by_sound), *_by_given(given)))


def _by_surname(surname: str, *, by_sound: bool) -> list[str]:
    spelled = _family(surname, by_sound=by_sound)
    return [
        f"{spelled}(?:{_TITLES})",
        f"{_CALLED}{spelled}{_NOT_CALLED}",
        f"姓{spelled}的",
        f"{spelled}某",
    ]


def _family(surname: str, *, by_sound: bool) -> str:
    """The surname itself, or any common one that is read alike."""
    if not by_sound or len(surname) > 1:
        return re.escape(surname)
    read = lazy_pinyin(surname)
    alike = {surname, *(one for one in _COMMON if lazy_pinyin(one) == read)}
    return f"(?:{'|'.join(re.escape(one) for one in sorted(alike))})"


def _by_given(given: str) -> list[str]:
    """国强, 阿强, 强哥; of a name of one character only what is called with it."""
    if not given or given.isascii():
        return []
    last = re.escape(given[-1])
    whole = [re.escape(given)] if len(given) > 1 else []
    return [*whole, f"[小阿]{last}{_NOT_CALLED}", f"{last}(?:姐|哥|师傅)"]
