"""Two offices for tests of what staff see and do: what belongs to the one is not there for the other."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from models.activities import Activity
from models.billing import Bill, FeeKind
from models.community import Community, ManagementOffice, Occupant
from models.complaints import ComplaintKind
from models.conversations import Conversation, Hold
from models.desk import CannedReply
from models.events import SubjectKind
from models.faults import FaultProposal
from models.follow_ups import FollowUp, FollowUpReason
from models.notices import Level, Notice, NoticeTarget
from models.people import Binding, BindingStatus, Role, Staff, Technician
from models.requests import RequestStatus, ServiceRequest
from models.surveys import Survey
from models.tasks import StaffTask, TaskKind
from models.tickets import Ticket
from services import actors, clock, staff_tasks
from services.actors import OPERATOR
from services.cases import complaints, instructions, requests
from services.community import activities
from services.desk import promises
from services.desk.promised_in import Matter
from services.estate import people
from services.repairs import jobs, merging, outages
from services.repairs.outages import Draft, Supply
from tests.world import estate, places
from tests.world.estate import Estate
from tests.world.units import within


@dataclass(frozen=True, slots=True)
class Town:
    """One community of ours, whose `place` the matters belong to, and one of another office."""

    place: Estate
    far: Community

    async def staff(self, role: Role = Role.SERVICE, *, far: bool = False, everywhere: bool = False) -> Staff:
        office_id = None if everywhere else self.far.office_id if far else self.place.office.id
        login = f"s{await Staff.all().count()}"
        return await Staff.create(login=login, name="小徐", role=role, office_id=office_id)


async def build() -> Town:
    place = await estate.build()
    await people.ensure("o_resident")  # and the conversation
    await places.bind(place.resident, place.house)
    west = await ManagementOffice.create(name="西区管理处")
    return Town(place, await Community.create(office=west, code="c:far", name="远处"))


Subject = Callable[[Town, int], Awaitable[int]]  # who will act → the id of what they act on


async def ticket(town: Town, who: int) -> int:
    return (await estate.reported(town.place)).id


async def ticket_for_nobody(town: Town, who: int) -> int:
    """The dispatcher looked, and there was no technician."""
    made = await ticket(town, who)
    await estate.run_timers()
    return made


async def second_ticket(town: Town, who: int) -> int:
    await estate.reported(town.place)
    return await ticket(town, who)


async def merged_ticket(town: Town, who: int) -> int:
    main, other = await ticket(town, who), await ticket(town, who)
    await within(merging.merge(other, into_id=main, actor=OPERATOR))
    return other


async def same_fault(town: Town, who: int) -> int:
    """Proposed, and neither merged nor refused yet."""
    tickets = [await ticket(town, who), await ticket(town, who)]
    row = await Ticket.get(id=tickets[0]).select_related("house")
    made = await FaultProposal.create(
        community_id=row.community_id,
        building_id=town.place.house.building_id,
        category_id=row.category_id,
        tickets=tickets,
        last_at=clock.now(),
        created_at=clock.now(),
    )
    return made.id


async def outage(town: Town, who: int) -> int:
    now = clock.now()
    where = (town.place.community.id,)
    draft = Draft(where, None, Supply.WATER, "停水", now, now + timedelta(hours=2))
    return (await within(outages.make(draft, actor=OPERATOR)))[0]


async def confirmed_ticket(town: Town, who: int) -> int:
    plumber = await estate.technician(town.place, "水工")
    made = await estate.given_to(town.place, plumber)
    promised = clock.now() + timedelta(hours=1)
    await within(jobs.confirm(made.id, actor=actors.technician(plumber.id), eta=promised))
    return made.id


async def working_ticket(town: Town, who: int) -> int:
    """The technician is there."""
    made = await confirmed_ticket(town, who)
    plumber = await Technician.get(name="水工")
    await within(jobs.arrive(made, actor=actors.technician(plumber.id)))
    return made


async def complaint(town: Town, who: int) -> int:
    resident = actors.person(town.place.resident.id)
    made = await complaints.submit(ComplaintKind.COMPLAINT, "噪音", "楼上太吵", actor=resident)
    return made.id


async def instruction(town: Town, who: int) -> int:
    """Of a leader, on a repair of ours."""
    leader = await actors.staff((await town.staff(Role.LEADER)).id)
    subject = await ticket(town, who)
    return await within(instructions.instruct(SubjectKind.TICKET, subject, "今天修好", actor=leader))


async def follow_up(town: Town, who: int) -> int:
    """A call to make about a repair of ours."""
    subject = await ticket(town, who)
    made = await FollowUp.create(
        key=f"ticket:{subject}:0", subject_kind=SubjectKind.TICKET, subject_id=subject, label="1001 水",
        community=town.place.community, person=town.place.resident, reason=FollowUpReason.SAMPLE,
        finished_at=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    return int(made.id)


async def request(town: Town, who: int) -> int:
    resident = actors.person(town.place.resident.id)
    await requests.submit("cleaning", "家政预约", [("几点？", "上午")], actor=resident)
    return (await requests.mine(resident.id))[0].id


async def accepted_request(town: Town, who: int) -> int:
    made = await request(town, who)
    await ServiceRequest.filter(id=made).update(status=RequestStatus.ACCEPTED)
    return made


def binding(status: BindingStatus) -> Subject:
    async def make(town: Town, who: int) -> int:
        await Binding.all().update(status=status)
        return (await Binding.get()).id

    return make


async def any_binding(town: Town, who: int) -> int:
    return (await Binding.get()).id


async def occupant(town: Town, who: int) -> int:
    return (await Occupant.get()).id


async def person(town: Town, who: int) -> int:
    return town.place.resident.id


async def house(town: Town, who: int) -> int:
    return town.place.house.id


async def talk(town: Town, who: int) -> int:
    return (await Conversation.get(person_id=town.place.resident.id)).id


async def held_talk(town: Town, who: int) -> int:
    """In the hands of whoever acts, though the resident may have moved away from them in the meantime."""
    found = await talk(town, who)
    await Conversation.filter(id=found).update(hold=Hold.STAFF, held_by_id=who, held_since=clock.now())
    return found


def task(kind: TaskKind) -> Subject:
    async def make(town: Town, who: int) -> int:
        await staff_tasks.add(kind, "manual", key="k", community_id=town.place.community.id)
        return (await StaffTask.get(key="k")).id

    return make


async def call(town: Town, who: int) -> int:
    """The resident is to be called: a message did not arrive."""
    where, whom = town.place.community.id, town.place.resident.id
    return await staff_tasks.add(
        TaskKind.PHONE,
        "undelivered",
        key="call",
        values={"said": "师傅到了"},
        community_id=where,
        person_id=whom,
    )


async def unreached(town: Town, who: int) -> int:
    """A notice did not reach somebody there."""
    where = town.place.community.id
    return await staff_tasks.add(
        TaskKind.PHONE, "notice_unreached", key=f"notice:1:{where}:unreached", community_id=where
    )


async def promise(town: Town, who: int) -> int:
    """Made in the resident's talk by a colleague of the office."""
    matter = Matter(SubjectKind.CONVERSATION, await talk(town, who))
    colleague, later = await actors.staff((await town.staff()).id), clock.now() + timedelta(hours=1)
    return await within(promises.make(matter, "回电", later, key="promise", actor=colleague))


async def danger(town: Town, who: int) -> int:
    """Told by the resident, and taken by nobody yet."""
    where, told_by = town.place.community, town.place.resident
    return await staff_tasks.add(
        TaskKind.ALERT, "danger", values={"kind": "gas", "text": "漏气"}, key="danger",
        community_id=where.id, person_id=told_by.id,
    )  # fmt: skip


async def canned_reply(town: Town, who: int) -> int:
    """Of everybody who answers for the community."""
    made = await CannedReply.create(
        title="问候", text="您好", community=town.place.community, created_at=clock.now()
    )
    return made.id


async def archived_reply(town: Town, who: int) -> int:
    made = await canned_reply(town, who)
    await CannedReply.filter(id=made).update(archived_at=clock.now())
    return made


async def survey(town: Town, who: int) -> int:
    made = await Survey.create(community=town.place.community, title="满意度", opens_at=clock.now())
    return made.id


async def activity(town: Town, who: int) -> int:
    later = clock.now() + timedelta(days=2)
    made = await Activity.create(
        community=town.place.community, title="包粽子", starts_at=later, deadline_at=later
    )
    mine = town.place.resident.id
    await within(activities.sign_up(mine, made.id, actor=actors.person(mine)))
    return made.id


async def notice(town: Town, who: int) -> int:
    where = town.place.community
    made = await Notice.create(community=where, title="停水", text="明早停水")
    await NoticeTarget.create(notice=made, level=Level.COMMUNITY, subject_id=where.id)
    return made.id


async def bill(town: Town, who: int) -> int:
    where, day = town.place.house, clock.now().date()
    made = await Bill.create(
        community_id=where.community_id, house=where, kind=FeeKind.PROPERTY, name="物业服务费",
        month=day.replace(day=1), amount_fen=100, opens_on=day, due_on=day,
    )  # fmt: skip
    return made.id
