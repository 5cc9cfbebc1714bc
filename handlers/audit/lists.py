"""The list of everything that was changed and read, for admins."""

from urllib.parse import urlencode

from aiohttp import web

from handlers.web import errors, pages, session
from handlers.web.routes import Routes, does
from models.events import SubjectKind
from models.jobs import JobKind
from services import clock, jobs
from services.company import accounts, audit, audit_choice
from services.errors import Invalid, NotFound
from services.paging import Page
from services.scope import Field

routes = Routes("/audit")
_LONGEST = 40


@routes.get("", does(Field.POLICY))
async def page(request: web.Request) -> web.Response:
    """What was chosen stays where it makes no sense, with a word about why."""
    actor, after = await session.actor(request), request.query.get("after", "")
    asked, trouble, status = fields(request), "", 200
    try:
        found = await audit.page(await audit_choice.of(asked, actor=actor), actor=actor, after=after)
    except (Invalid, NotFound) as error:
        found, trouble, status = Page([]), errors.sentence(error), errors.status(error)
    return pages.render(
        request, "audit/list.html", status=status, trouble=trouble, page=found, asked=asked, kinds=list(SubjectKind),
        staff=await accounts.everybody(actor=actor), verbs=await audit.verbs(actor=actor),
        first=address(asked) if after else "", next=address(asked, found.after) if found.after else "",
        query=urlencode({name: value for name, value in asked.items() if value}),
    )  # fmt: skip


@routes.post("/export", does(Field.POLICY))
async def export(request: web.Request) -> web.Response:
    """What is shown as a spreadsheet, made by a worker; that it was asked for and fetched is recorded, too."""
    actor, asked = await session.actor(request), fields(request)
    await audit_choice.of(asked, actor=actor)
    name = f"审计-{clock.local(clock.now()):%Y%m%d-%H%M}.xlsx"
    job_id = await jobs.start(JobKind.AUDIT, asked, name=name, actor=actor)
    return pages.told({"go": f"/desk/jobs/{job_id}"})


def fields(request: web.Request) -> dict[str, str]:
    """What was chosen, as it stands in the address."""
    asked = {name: request.query.get(name, "").strip() for name in audit_choice.FIELDS}
    if any(len(value) > _LONGEST for value in asked.values()):
        raise Invalid("page.too_long", longest=_LONGEST)
    return asked


def address(asked: dict[str, str], after: str = "") -> str:
    values = {name: value for name, value in {**asked, "after": after}.items() if value}
    return f"/desk/audit?{urlencode(values)}" if values else "/desk/audit"
