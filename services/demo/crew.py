"""The demo's people who work: staff, technicians, and the repair categories they serve."""

from models.community import Community, ManagementOffice
from models.people import Person, Role, Staff, Technician
from models.tickets import Category, DispatchMode
from services.company import passwords
from services.estate import people

_AUTO, _GRAB, _MANUAL = DispatchMode.AUTOMATIC, DispatchMode.GRAB, DispatchMode.MANUAL

# code, name, area, dispatch, minutes to accept, to arrive, to finish, round the clock
_CATEGORIES = (
    ("water", "水管水龙头", "both", _AUTO, 30, 120, 960, False),
    ("drain", "下水疏通", "both", _AUTO, 30, 120, 960, False),
    ("electric", "室内电路灯具", "home", _AUTO, 30, 120, 960, False),
    ("hvac", "空调暖气", "home", _AUTO, 30, 240, 1440, False),
    ("appliance", "家电燃具", "home", _GRAB, 60, 480, 1440, False),
    ("door_window", "门窗锁具", "both", _AUTO, 30, 240, 1440, False),
    ("wall_roof", "墙面屋顶渗漏", "both", _MANUAL, 120, 960, 4800, False),
    ("access_control", "门禁道闸", "public", _AUTO, 30, 240, 960, False),
    ("public_light", "公共照明", "public", _GRAB, 60, 480, 1440, False),
    ("elevator", "电梯", "public", _AUTO, 10, 30, 480, True),
    ("network", "网络电视", "both", _AUTO, 60, 480, 1440, False),
    ("other", "其他", "both", _MANUAL, 120, 960, 2880, False),
)

# openid, name, phone, office, skills, communities; who has no openid has not joined yet
_TECHNICIANS = (
    ("o_demo_ma", "马国强", "13900020001", 0, "water drain appliance network", "c:qinghe c:yunqi"),
    ("o_demo_zhou", "周志明", "13900020002", 0, "electric public_light access_control network elevator",
     "c:qinghe c:yunqi c:binjiang"),
    ("o_demo_wu", "吴海涛", "13900020003", 0, "hvac appliance water drain electric wall_roof",
     "c:qinghe c:yunqi c:binjiang"),
    ("o_demo_zheng", "郑立新", "13900020004", 0, "door_window wall_roof access_control public_light other hvac",
     "c:qinghe c:yunqi c:binjiang"),
    ("o_demo_he", "何勇", "13900020005", 1, "elevator electric door_window water drain other appliance network",
     "c:qinghe c:yunqi c:binjiang"),
    ("", "林小东", "13900020006", 1, "water drain electric door_window public_light", "c:binjiang"),
)  # fmt: skip

# login, name, role, office (None: the whole company), openid
_STAFF = (
    ("admin", "系统管理员", Role.ADMIN, None, ""),
    ("leader", "沈总", Role.LEADER, None, ""),
    ("gao", "高主管", Role.SUPERVISOR, None, "o_demo_gao"),
    ("xu", "客服小徐", Role.SERVICE, 0, "o_demo_xu"),
    ("tang", "客服小唐", Role.SERVICE, 1, ""),
)


NEWCOMER = "o_demo_lin"  # the technician who has not scanned the invite yet


async def load(communities: dict[str, Community]) -> None:
    await _categories()
    offices = await ManagementOffice.all().order_by("id")
    await _technicians(offices, communities)
    await _staff(offices)


def invite(openid: str) -> str:
    """The scene of a technician's invite in the demo."""
    return f"t:{(openid or NEWCOMER).removeprefix('o_')}"


def joined() -> list[tuple[str, str, str, str]]:
    """Technicians and staff with phones: openid, name, role, scene of the invite."""
    technicians = [
        (openid or NEWCOMER, f"{name[0]}师傅", "师傅", invite(openid)) for openid, name, *_ in _TECHNICIANS
    ]
    return [
        *technicians,
        *((openid, name, "员工", f"s:{login}") for login, name, _, _, openid in _STAFF if openid),
    ]


async def _categories() -> None:
    rows = [
        Category(
            code=code,
            name=name,
            area=area,
            dispatch=dispatch,
            accept_minutes=accept,
            arrive_minutes=arrive,
            finish_minutes=finish,
            always=always,
            sort=sort,
        )
        for sort, (code, name, area, dispatch, accept, arrive, finish, always) in enumerate(_CATEGORIES)
    ]
    await Category.bulk_create(rows)


async def _technicians(offices: list[ManagementOffice], communities: dict[str, Community]) -> None:
    for openid, name, phone, office, skills, codes in _TECHNICIANS:
        await Technician.create(
            name=name,
            phone=phone,
            office=offices[office],
            person_id=await _person(openid, name, phone),
            invite=invite(openid),
            skills=skills.split(),
            communities=[communities[code].id for code in codes.split()],
            on_duty=bool(openid),
        )


def logins() -> list[tuple[str, str]]:
    """(login, name) of the staff, whose password is `services.company.passwords.DEMO`."""
    return [(login, name) for login, name, *_ in _STAFF]


async def let_in() -> None:
    """Give the demo's password to its staff of an earlier release, who had no pages to sign in to."""
    known = logins()
    rows = await Staff.filter(login__in=[login for login, _ in known], password_hash="")
    if mine := [row.id for row in rows if (row.login, row.name) in known]:
        password = await passwords.hashed(passwords.DEMO)
        await Staff.filter(id__in=mine).update(password_hash=password)


async def _staff(offices: list[ManagementOffice]) -> None:
    password = await passwords.hashed(passwords.DEMO)
    for number, (login, name, role, office, openid) in enumerate(_STAFF):
        phone = f"1390003000{number}"
        await Staff.create(
            login=login,
            password_hash=password,
            name=name,
            phone=phone,
            role=role,
            office=None if office is None else offices[office],
            person_id=await _person(openid, name, phone),
            invite=f"s:{login}",
        )


async def _person(openid: str, name: str, phone: str) -> int | None:
    if not openid:
        return None
    known = await people.ensure(openid)
    await Person.filter(id=known.id).update(name=name, phone=phone)
    return known.id
