"""The table of rights as it is printed in docs/rights.md: who sees and does what, page by page."""

import re
from collections.abc import Iterator, Sequence

from handlers.web.routes import PREFIX, Declared, Needs, Routes, Use
from handlers.web.wording import role
from models.people import Role
from services.scope import DOES, SEES, Field

FIELDS = {
    Field.ALERTS: "险情",
    Field.REPAIRS: "报修",
    Field.COMPLAINTS: "投诉",
    Field.REQUESTS: "服务工单",
    Field.TALKS: "会话",
    Field.RESIDENTS: "住户",
    Field.CONTENT: "公告、活动、问卷",
    Field.FEES: "费用",
    Field.SCRIPTS: "对话脚本",
    Field.INSTRUCTIONS: "批示",
    Field.POLICY: "公司的规定和账号",
}
_USES = {
    Use.SEES: "看",
    Use.DOES: "办",
    Use.OWN: "登录了就能用，只管自己的",
    Use.ENTERING: "正在登录的人",
    Use.PUBLIC: "谁都能打开",
    Use.FILE: "谁都能打开（样式、图标）",
}
_LEADING = "领导只办客服都不便经手的"
_PATTERN = re.compile(r":(?:[^{}]|\{\d+\})*\}")  # of a number or a name in a path
_HEAD = """# 谁能看、谁能办

这一页由 `run.py rights --write` 写成，和程序里的一模一样，测试会核对；别手工改。

一件事先看归哪一块（下表的「块」），再看这个角色对这一块是能看，还是也能办。客服和工程主管写了管理处的，只有那个管理处的小区；
别处的编号对他就像不存在（404）。不归他管的页面是 403。没有登录的，一律先去登录。
"""


def allowed(needs: Needs, who: Role) -> bool:
    """Whether this role may use such a route, once signed in."""
    return needs.allow(SEES[who], DOES[who])


def document(all_routes: Sequence[Routes]) -> str:
    parts = [_HEAD, "## 角色", *_table(_fields()), "", "## 每一页", *_table(_pages(all_routes))]
    return "\n".join(parts) + "\n"


def _fields() -> Iterator[list[str]]:
    yield ["块", *(role(one) for one in Role)]
    for field, name in FIELDS.items():
        yield [name, *(_may(one, field) for one in Role)]


def _may(who: Role, field: Field) -> str:
    if field in DOES[who]:
        return "看、办"
    return "看" if field in SEES[who] else "–"


def _pages(all_routes: Sequence[Routes]) -> Iterator[list[str]]:
    yield ["地址", "块", *(role(one) for one in Role)]
    for one in sorted((one for routes in all_routes for one in routes.declared), key=lambda one: one.path):
        path = _PATTERN.sub("}", one.path)
        yield [f"`{one.method} {PREFIX}{path}`", _needed(one.needs), *_marks(one)]


def _needed(needs: Needs) -> str:
    needed = f"{_USES[needs.use]}{FIELDS[needs.field]}" if needs.field else _USES[needs.use]
    return f"{needed}（{_LEADING}）" if needs.leading else needed


def _marks(one: Declared) -> list[str]:
    return ["✓" if allowed(one.needs, who) else "–" for who in Role]


def _table(rows: Iterator[list[str]]) -> Iterator[str]:
    head = next(rows)
    yield ""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
