"""Talks as a page that reads like a chat."""

import re
from collections.abc import Sequence

from commands.rehearsal.phones import Shown
from commands.rehearsal.play import Played

HEAD = """# 对话实录

这一页由 `python run.py dialogs > docs/dialogs.md` 生成：每段话都在真正的程序和演示数据上从头跑过一遍，
只有微信平台是替身。每个脚本两段：一段顺利的，一段磕磕绊绊的。加粗的是住户或师傅，引用的是管家的回答，
带「〔消息〕」的是管家主动发出的消息。
"""
KINDS = {"good": "顺利的", "clumsy": "磕绊的"}
# A check-in code is drawn at random; on the page it is always the same one, so that pages can be compared.
_CODE = re.compile(r"(?<!\d)\d{3} \d{3}(?!\d)")


def page(played: Sequence[Played], titles: dict[str, str]) -> str:
    """All talks, by script in the order of their files."""
    parts = [HEAD]
    script = ""
    for one in played:
        if one.scene.script != script:
            script = one.scene.script
            parts.append(f"## {titles.get(script, script)}（`{script}`）\n")
        parts.append(_talk(one))
    return "\n".join(parts)


def _talk(played: Played) -> str:
    heading = f"### {KINDS[played.scene.kind]}：{played.scene.title}\n"
    story = [f"*之前：{played.scene.story}*\n"] if played.scene.story else []
    return "\n".join([heading, *story, *(_entry(one, played.names) for one in played.log)])


def _entry(one: Shown, names: dict[str, str]) -> str:
    if one.speaker == "time":
        return f"*（{one.text}）*\n"
    if one.speaker == "staff":
        return f"*客服写下答复：* {one.text}\n"
    if one.speaker == "bot":
        return _quoted(one, names if len(names) > 1 else {})
    return f"**{names.get(one.speaker, '住户')}**　{one.text}\n"


def _quoted(one: Shown, names: dict[str, str]) -> str:
    options = [f"{number}. {option.text}" for number, option in enumerate(one.options, 1)]
    lines = [*_CODE.sub("204 816", one.text).split("\n"), *options]
    if one.pushed:
        to = names.get(one.reader, "")
        lines[0] = f"〔消息{'→' + to if to else ''}〕{lines[0]}"
    return "".join(f"> {line}  \n" if line else ">\n" for line in lines)
