from tortoise import migrations
from tortoise.migrations import operations as ops

# Calls about lost messages did not say whose they were: the ticket knows, or where the person lives.
STATEMENTS = [
    """
    UPDATE staff_task SET community_id = ticket.community_id FROM ticket
    WHERE ticket.id = staff_task.ticket_id AND staff_task.kind = 'phone' AND staff_task.community_id IS NULL
    """,
    """
    UPDATE staff_task SET community_id = binding.community_id FROM binding
    WHERE binding.person_id = staff_task.person_id AND binding.status = 'active'
    AND staff_task.kind = 'phone' AND staff_task.community_id IS NULL
    """,
]


class Migration(migrations.Migration):
    dependencies = [('models', '0003_messages_unchecked')]

    initial = False

    operations = [ops.RunSQL(STATEMENTS)]
