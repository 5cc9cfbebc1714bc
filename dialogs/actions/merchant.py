"""周边商家: by tag or by what is wanted, and everything that is known of one."""

from bot.scripts.actions import Listed, Outcome
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions.arguments import whole, words
from dialogs.actions.registry import registry
from services.community import merchants
from services.community.merchants import Card

_GIVES = ("name", "picture", "intro", "recommended", "special", "hours", "address", "reach", "tag_list")


@registry.action("merchant.wanted", gives=("tag",), outcomes=("none", "tag"), reads=True)
async def wanted(turn: Turn, *, said: Plain) -> Outcome:
    """Whether there are merchants here, and whether the sentence names one of their tags."""
    tags = await merchants.tags(_community(turn))
    if not tags:
        return Outcome("none")
    named = next((tag.name for tag in tags if _meant(tag.name, words(said))), None)
    return Outcome("tag", {"tag": named}) if named else Outcome()


@registry.source("merchant.tags")
async def tags(turn: Turn) -> Listed:
    return [(tag.name, f"{tag.name}（{tag.merchants}家）") for tag in await merchants.tags(_community(turn))]


@registry.source("merchant.of_tag")
async def of_tag(turn: Turn, *, tag: Plain) -> Listed:
    """A tag of the list, or any words to search for."""
    here, wanted = _community(turn), words(tag)
    named = next((one.name for one in await merchants.tags(here) if _meant(one.name, wanted)), wanted)
    found = await merchants.by_tag(here, named) or await merchants.search(here, wanted)
    return [(str(one.id), one.name) for one in found]


@registry.action("merchant.any", outcomes=("none",), reads=True)
async def any_of_tag(turn: Turn, *, tag: Plain) -> Outcome:
    return Outcome("ok" if await of_tag(turn, tag=tag) else "none")


@registry.action("merchant.card", gives=_GIVES, reads=True)
async def card(turn: Turn, *, merchant: Plain) -> Outcome:
    found = await merchants.card(_community(turn), whole(merchant))
    return Outcome(
        values={
            "name": found.name,
            "picture": found.picture,
            "intro": found.intro or None,
            "recommended": found.recommended or None,
            "special": found.special_services or None,
            "hours": found.opening_hours or None,
            "address": found.address,
            "reach": _reach(found),
            "tag_list": "、".join(found.tags),
        }
    )


def _community(turn: Turn) -> int | None:
    return turn.person.community_id or None


def _reach(merchant: Card) -> str:
    numbers = "　".join(one for one in (merchant.mobile, merchant.phone) if one)
    qq = f"　QQ {merchant.qq}" if merchant.qq else ""
    return f"{merchant.contact} {numbers}{qq}"


# How people ask for what a tag stands for; a tag that is not here is found by its own name.
_ASKED = {
    "餐饮": ("吃饭", "饭馆", "外卖", "餐厅", "吃的", "小吃", "饭店"),
    "家电维修": ("修空调", "修冰箱", "修洗衣机"),
    "家政": ("保洁", "钟点工", "打扫", "开荒", "月嫂", "保姆", "洗空调", "擦窗"),
    "送水": ("桶装水", "矿泉水", "两桶", "一桶"),
    "超市": ("买菜", "便利店", "水果", "生鲜", "米面"),
    "洗衣": ("干洗", "洗衣店"),
    "搬家": ("搬家公司",),
    "维修": ("修鞋", "开锁", "修手机", "疏通"),
    "药店": ("买药", "药房"),
}


def _meant(tag: str, said: str) -> bool:
    return bool(said) and (tag in said or any(word in said for word in _ASKED.get(tag, ())))
