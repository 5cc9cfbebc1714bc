"""Being done with a task that stands for something else as well: an instruction, a call about how it went."""

from services import staff_tasks
from services.actors import Actor
from services.cases import follow_ups, instructions


async def done(task_id: int, *, actor: Actor) -> None:
    """Raises NotFound when there is no such task in their scope, or somebody did it already."""
    await staff_tasks.done(task_id, actor=actor)
    await instructions.done_by_task(task_id, actor=actor)
    await follow_ups.done_by_task(task_id, actor=actor)
