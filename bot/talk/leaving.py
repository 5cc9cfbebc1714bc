"""Leaving the open question: back to the one before, once more from the start, or away from it all."""

import re

from bot.scripts.format import CANCEL
from bot.talk import asking, engine, filling, naming
from bot.talk.talk import Talk
from bot.understanding.acts import Acts


def gives_up(acts: Acts) -> bool:
    """算了不报了, 不修了: words that drop what is being done, whatever it is."""
    return _GIVES_UP.match(naming.plain(acts.text)) is not None


def gives_up_first(acts: Acts) -> bool:
    """As gives_up, whatever is said after it: 先不办了 吓死我了."""
    first = acts.clauses[0] if acts.clauses and not acts.asked else acts.text
    return _GIVES_UP.match(naming.plain(first)) is not None


def drops_matter(acts: Acts) -> bool:
    """算了不修了: the words drop the matter itself, and not only what is shown or asked of it."""
    return _DROPS_MATTER.search(naming.plain(acts.text)) is not None


_DROPS_MATTER = re.compile(r"(?:不|别)(?:想|用|要)?(?:报修|报名|投诉|修|约|去|来|参加)[了啦][吧啊呀]?$")
_GIVES_UP = re.compile(
    r"^(?:算了|还是|那就?|我说?|先|都说了?)*(?:"
    r"(?:不|别)(?:想|用|要)?(?:报修|报名|投诉|修|报|办|约|弄|填|搞|提|交|看|选|退|问|找|换|买|要|加|参加|去)(?:活动|名)?[了啦]"
    r"|(?:不|别)(?:想|用|要|需要)?(?:找|转|叫)?人工(?:客服)?[了啦]?)[吧啊呀]?$"
)


async def leave_quietly(talk: Talk) -> None:
    """End a short list or answer as asked, without saying that anything was cancelled."""
    talk.note("bot.ok")
    await engine.proceed(talk, CANCEL)


async def back(talk: Talk) -> None:
    """上一步."""
    frame = talk.frame
    if frame.mode == "change":
        frame.mode = ""
        await asking.ask(talk, again=True)
        return
    if not frame.path:
        talk.note("bot.no_step_back")
        await asking.ask(talk, again=True)
        return
    target = frame.path.pop()
    while target == frame.at and frame.path:  # answered twice, after a change
        target = frame.path.pop()
    step = talk.compiled.steps[target]
    if step.again:
        talk.recall()
    if step.collect:
        talk.clear(step.collect)
        talk.forget_since(len(frame.path))
        filling.defaults(talk)
    frame.back_to = ""
    frame.at = talk.compiled.moves.move(frame.at, target)
    await asking.ask(talk, again=True)


async def restart(talk: Talk) -> None:
    """重来: the same script with nothing filled."""
    frame = talk.state.stack.pop()
    talk.note("bot.restarted", {"title": talk.of(frame).script.title})
    scene = {name: value for name, value in frame.slots.items() if name in ("scene", "ticket", "reason")}
    await engine.start(talk, frame.script, slots=scene, returning=frame.returning)


async def cancel(talk: Talk) -> None:
    """取消: the running script ends, with its last word if it has one; the one below, if any, goes on."""
    talk.note("bot.cancelled", {"title": talk.compiled.script.title})
    await engine.proceed(talk, talk.compiled.script.given_up or CANCEL)
