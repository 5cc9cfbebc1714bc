"""Imports and exports of whoever is signed in: asked for here, done by a worker, watched on a page of its own."""

import asyncio
import hashlib
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from aiohttp import hdrs, web

from handlers.desk import asked
from handlers.web import forms, pages, session
from handlers.web.routes import OWN, Routes, does
from handlers.web.wording import phrase
from models.jobs import JobKind
from services import clock, jobs, work
from services.actors import Actor
from services.errors import Invalid
from services.estate import communities, house_file
from services.imports import KINDS, write_template
from services.imports.sheet import MOST_BYTES
from services.jobs import JobView
from services.scope import Field

routes = Routes("/jobs")
of_residents = Routes("/residents")

_NEW_EACH_TIME = frozenset({"notices"})  # what has no key of its own, by which a line would be known again
_HERE = r"{id:[0-9]+}"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@of_residents.get("/jobs", does(Field.RESIDENTS))
async def page(request: web.Request) -> web.Response:
    """Importing, and what was asked for lately."""
    actor = await session.actor(request)
    mine = await jobs.mine(list(JobKind), actor=actor)
    return pages.render(
        request, "residents/jobs.html", jobs=mine, kinds=_kinds(actor), megabytes=MOST_BYTES >> 20
    )


@of_residents.get("/export", does(Field.RESIDENTS))
async def export_box(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    known = await communities.within(actor.doing(Field.RESIDENTS))
    return pages.render(request, "residents/box_export.html", communities=known, whole=_decides(actor))


@of_residents.post("/export", does(Field.RESIDENTS))
async def export(request: web.Request) -> web.Response:
    """Masked, unless whoever decides what the company is made of asks for whole numbers."""
    given, actor = await asked.read(request), await session.actor(request)
    community = given.number("community") if given.ticked("community") else None
    if community is not None and not actor.doing(Field.RESIDENTS).has(community):
        raise Invalid("residents.no_such_community")
    phones = given.ticked("phones")
    if phones:
        actor.doing(Field.POLICY)
    wanted = {"community": community, "phones": phones}
    return await _started(JobKind.RESIDENTS, wanted, f"住户-{_today()}.xlsx", actor)


@of_residents.post("/people/{person:[0-9]+}/copy", does(Field.POLICY))
async def copy(request: web.Request) -> web.Response:
    """Everything that is kept about somebody who asked for it."""
    actor, person_id = await session.actor(request), forms.number(request, "person")
    await house_file.of_person(person_id, actor=actor)
    return await _started(JobKind.COPY, {"person": person_id}, f"本人资料-{person_id}-{_today()}.zip", actor)


@of_residents.post("/import", does(Field.RESIDENTS), unit=False)
async def upload(request: web.Request) -> web.Response:
    """The file as the body; what it is called is only for people. It is checked first, and nothing is written."""
    actor, kind = await session.actor(request), request.query.get("kind", "")
    if kind not in KINDS:
        raise Invalid("page.unreadable")
    actor.doing(KINDS[kind].field)
    content = await _read(request)
    name = forms.Form({"name": request.query.get("name", "")}).text("name", longest=200)[-100:] or "表格"
    known = {"kind": kind, "sha256": hashlib.sha256(content).hexdigest(), "take": False}
    async with work.unit():
        return await _started(JobKind.IMPORT, known, name, actor, content=content)


@of_residents.get("/template", does(Field.RESIDENTS))
async def template(request: web.Request) -> web.Response:
    """An empty table of one kind, with how to fill it in."""
    actor, kind = await session.actor(request), request.query.get("kind", "")
    if kind not in KINDS:
        raise Invalid("page.unreadable")
    actor.doing(KINDS[kind].field)
    found = KINDS[kind]
    columns = [(one.header, one.required, one.hint) for one in found.columns]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        await asyncio.to_thread(write_template, path, found.title, columns)
        content = await asyncio.to_thread(path.read_bytes)
    return _sent(content, f"{found.title}-空表.xlsx")


@routes.get(f"/{_HERE}", OWN)
async def one(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    return pages.render(
        request,
        "residents/job.html",
        status=200,
        **await _drawn(await jobs.shown(forms.number(request), actor=actor)),
    )


@routes.get(f"/{_HERE}/state", OWN)
async def state(request: web.Request) -> web.Response:
    """The part of the page that changes while it is worked on."""
    actor = await session.actor(request)
    drawn = await _drawn(await jobs.shown(forms.number(request), actor=actor))
    return pages.render(request, "residents/job_state.html", status=200, **drawn)


@routes.post(f"/{_HERE}/cancel", OWN)
async def cancel(request: web.Request) -> web.Response:
    await jobs.cancel(forms.number(request), actor=await session.actor(request))
    return pages.told({"text": phrase("jobs.cancelled")})


@routes.post(f"/{_HERE}/take", OWN)
async def take(request: web.Request) -> web.Response:
    """Write what was checked. The rights are those of the moment when it is done."""
    actor, job_id = await session.actor(request), forms.number(request)
    shown = await jobs.shown(job_id, actor=actor)
    if shown.kind != JobKind.IMPORT or shown.report.get("problems") or shown.report.get("saved"):
        raise Invalid("jobs.not_now")
    if shown.asked["kind"] in _NEW_EACH_TIME and await _before(shown):
        raise Invalid("jobs.same_again")
    await jobs.again(job_id, {"take": True}, actor=actor)
    return pages.told({"go": f"/desk/jobs/{job_id}"})


@routes.get(f"/{_HERE}/file", OWN)
async def file(request: web.Request) -> web.Response:
    """Only for whom it was made, for a day; that it was fetched is recorded."""
    actor, job_id = await session.actor(request), forms.number(request)
    shown = await jobs.shown(job_id, actor=actor)
    async with work.unit():
        content = await jobs.fetch(job_id, actor=actor)
    return _sent(content, shown.name)


def _sent(content: bytes, name: str) -> web.Response:
    kind = _XLSX if name.endswith(".xlsx") else "application/zip"
    named = f"attachment; filename*=UTF-8''{quote(name)}"
    headers = {hdrs.CONTENT_DISPOSITION: named, hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=content, content_type=kind, headers=headers)


async def _started(
    kind: JobKind, wanted: Mapping[str, object], name: str, actor: Actor, *, content: bytes = b""
) -> web.Response:
    job_id = await jobs.start(kind, wanted, name=name, actor=actor, content=content)
    return pages.told({"go": f"/desk/jobs/{job_id}", "id": job_id})


async def _read(request: web.Request) -> bytes:
    """Never more than is allowed, whatever was announced."""
    content = bytearray()
    async for part in request.content.iter_chunked(64 << 10):
        content += part
        if len(content) > MOST_BYTES:
            raise Invalid("import.too_large", megabytes=MOST_BYTES >> 20)
    if not content:
        raise Invalid("import.empty")
    return bytes(content)


async def _before(job: JobView) -> datetime | None:
    """When the same file was written as the same kind of table."""
    if job.kind != JobKind.IMPORT:
        return None
    same = {"kind": job.asked["kind"], "sha256": job.asked["sha256"], "take": True}
    return await jobs.done_before(job.id, same)


async def _drawn(job: JobView) -> dict[str, object]:
    title = KINDS[str(job.asked["kind"])].title if job.kind == JobKind.IMPORT else ""
    shown = job.report.get("shown")
    problems = [_problem(row) for row in shown] if isinstance(shown, list) else []
    wrong = phrase(job.error, job.report) if job.error else ""
    before = await _before(job)
    return {"job": job, "title": title, "problems": problems, "wrong": wrong, "before": before}


def _problem(row: Mapping[str, object]) -> dict[str, str]:
    """Where, what stands there, and why it cannot be used."""
    values = row.get("values")
    why = phrase(str(row["phrase"]), values if isinstance(values, Mapping) else {})
    return {
        "cell": str(row["cell"]) or "表头",
        "column": str(row["column"]),
        "said": str(row["said"]),
        "why": why,
    }


def _kinds(actor: Actor) -> list[tuple[str, str]]:
    """What this person may import, the list of residents first."""
    theirs = [
        (name, kind.title) for name, kind in KINDS.items() if actor.scope and kind.field in actor.scope.does
    ]
    first = ("occupants", "houses")
    return sorted(theirs, key=lambda one: first.index(one[0]) if one[0] in first else len(first))


def _decides(actor: Actor) -> bool:
    return actor.scope is not None and Field.POLICY in actor.scope.does


def _today() -> str:
    return f"{clock.local(clock.now()):%Y%m%d-%H%M}"
