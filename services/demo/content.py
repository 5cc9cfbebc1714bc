"""What the demo company has to tell: fees, activities, notices, articles, surveys, merchants."""

from datetime import datetime, timedelta
from pathlib import Path

import yaml

import settings
from models.activities import Activity, SignUp, SignUpStatus
from models.articles import Article
from models.community import Community, House
from models.merchants import Merchant, MerchantTag
from models.notices import Level, Notice, NoticeStatus, NoticeTarget
from models.people import Binding, Person
from models.surveys import Question, Survey
from models.values import Json
from services import actors, clock
from services.community import waitlist
from services.delivery import media
from services.demo import bills, pictures

_DATA = Path(__file__).parent / "data"


async def load() -> None:
    """Fill a database that holds the demo communities and houses. Call it once, inside a transaction."""
    communities = await Community.all().order_by("id")
    await bills.load()
    await _articles(communities)
    await _notices(communities)
    await _surveys(communities)
    await _merchants(communities)
    await _activities(communities)


def _read(name: str) -> list[Json]:
    rows: list[Json] = yaml.safe_load((_DATA / f"{name}.yaml").read_text("utf-8"))
    return rows


def _community(communities: list[Community], row: Json) -> Community | None:
    """The community that a row names by its number in the demo data."""
    number = row.pop("community", None)
    return communities[number - 1] if number else None


async def _articles(communities: list[Community]) -> None:
    rows = []
    for position, row in enumerate(_read("articles")):
        community = _community(communities, row)
        row["title"] = row["title"].format(community=community.name if community else "")
        published = clock.now() - timedelta(days=3 * position)
        rows.append(
            Article(community_id=community and community.id, sort=position, published_at=published, **row)
        )
    await Article.bulk_create(rows)


async def _notices(communities: list[Community]) -> None:
    for row in _read("notices"):
        level, _, number = row.pop("to").partition(" ")
        subject, community_id = await _target(communities, level, int(number or 0))
        published = clock.now() - timedelta(hours=row.pop("hours_ago"))
        expires = row.pop("expires_in", None)
        notice = await Notice.create(
            community_id=community_id,
            status=NoticeStatus.PUBLISHED,
            published_at=published,
            expires_at=clock.now() + timedelta(hours=expires) if expires else None,
            **row,
        )
        await NoticeTarget.create(notice=notice, level=Level(level), subject_id=subject)


async def _target(communities: list[Community], level: str, number: int) -> tuple[int, int | None]:
    """The subject's id and its community's."""
    if level == Level.ALL:
        return 0, None
    if level == Level.COMMUNITY:
        return communities[number - 1].id, communities[number - 1].id
    house = await _story_house()
    return house.building_id if level == Level.BUILDING else house.id, house.community_id


async def _story_house() -> House:
    """Where the first bound resident lives; without one, the first house."""
    binding = await Binding.all().order_by("id").select_related("house").first()
    if binding:
        return binding.house
    [house] = await House.all().order_by("id").limit(1)
    return house


async def _surveys(communities: list[Community]) -> None:
    for row in _read("surveys"):
        questions = row.pop("questions")
        community = _community(communities, row)
        closes = clock.now() + timedelta(days=30)
        survey = await Survey.create(community=community, opens_at=clock.now(), closes_at=closes, **row)
        await Question.bulk_create(
            [Question(survey_id=survey.id, position=at, **one) for at, one in enumerate(questions)]
        )


async def _merchants(communities: list[Community]) -> None:
    data: Json = yaml.safe_load((_DATA / "merchants.yaml").read_text("utf-8"))
    await MerchantTag.bulk_create([MerchantTag(name=name, sort=at) for at, name in enumerate(data["tags"])])
    rows = []
    for position, row in enumerate(data["merchants"]):
        community = _community(communities, row)
        rows.append(Merchant(communities=[community.id] if community else [], sort=position, **row))
    await Merchant.bulk_create(rows)


async def _activities(communities: list[Community]) -> None:
    folder = settings.load().media.dir
    for row in _read("activities"):
        community = _community(communities, row)
        taken, waiting = row.pop("taken", 0), row.pop("waiting", 0)
        starts = _at(row.pop("day"), row.pop("hour"), weekday=row.pop("weekday", None))
        row["picture"] = media.keep(folder, pictures.poster(row["picture"]))
        activity = await Activity.create(
            community=community,
            starts_at=starts,
            ends_at=starts + timedelta(hours=row.pop("hours")),
            deadline_at=(starts - timedelta(days=1)).replace(hour=18),
            seats_taken=taken,
            **row,
        )
        await _neighbours_sign_up(activity, communities[0], taken, waiting)


async def _neighbours_sign_up(activity: Activity, home: Community, taken: int, waiting: int) -> None:
    """Places and queue filled by neighbours who do not follow the account, so that nobody is written to."""
    for number in range(taken + waiting):
        neighbour = await _neighbour(number)
        status = SignUpStatus.CONFIRMED if number < taken else SignUpStatus.WAITLISTED
        queued = clock.now() - timedelta(hours=40 - number)
        signup = await SignUp.create(
            activity_id=activity.id,
            community_id=home.id,
            person_id=neighbour.id,
            status=status,
            code=f"{300_000 + number * 137}",
            queued_at=queued,
        )
        verb = "signed_up" if number < taken else "queued"
        with clock.fixed(queued):
            await waitlist.note(signup, verb, None, actor=actors.person(neighbour.id))


async def _neighbour(number: int) -> Person:
    told = {"name": f"邻居{number + 1}", "following": False}
    person, _ = await Person.get_or_create(told, channel="demo", channel_id=f"neighbour-{number}")
    return person


def _at(day: int, hour: int, *, weekday: int | None = None) -> datetime:
    here = clock.local(clock.now()) + timedelta(days=day)
    if weekday:
        here += timedelta(days=(weekday - here.isoweekday()) % 7)
    return here.replace(hour=hour, minute=0, second=0, microsecond=0)
