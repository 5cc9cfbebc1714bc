"""A few replies that every service desk sends each day, shared by all."""

from services.actors import OPERATOR
from services.desk import canned
from services.desk.canned import Written

_REPLIES = (
    ("问好", "{称呼}您好，我是{我}，您请说。"),
    ("师傅上门时间", "{称呼}您好，师傅【什么时候】到{房号}，来之前会给您打电话。"),
    ("已经在催", "让您久等了。我刚催过师傅，【什么时候】前给您准信。"),
    ("需要照片", "方便的话拍张照片发过来，师傅好带对配件。"),
    ("物业费怎么算", "物业费按建筑面积每月收，明细在菜单「缴费」里能看到，哪一笔不清楚您告诉我。"),
    ("不归物业管", "这件事归【哪个单位】管，电话【电话】。需要的话我帮您转达。"),
    ("办完了", "{称呼}，您说的事办好了。还有不满意的，随时在这里说。"),
)


async def load() -> None:
    for title, text in _REPLIES:
        await canned.add(Written(title, text, personal=False), actor=OPERATOR)
