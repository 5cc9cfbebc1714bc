from models.filled_columns import AddFilledField
from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

# Those that are there: taken up when staff first did something with them.
RESPONDED = """
UPDATE complaint SET responded_at = first.at FROM (
    SELECT subject_id, min(at) AS at FROM event
    WHERE subject_kind = 'complaint' AND actor_kind = 'staff' AND verb IN ('accepted', 'answered', 'closed')
    GROUP BY subject_id
) AS first WHERE first.subject_id = complaint.id
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0019_found_by'), ('models', '0019_merged_tickets')]

    initial = False

    operations = [
        AddFilledField(
            model_name='Complaint',
            name='respond_by',
            field=fields.DatetimeField(auto_now=False, auto_now_add=False),
            column='TIMESTAMPTZ',
            filled="now()",
        ),
        ops.AddField(
            model_name='Complaint',
            name='responded_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(["UPDATE complaint SET respond_by = deadline_at", RESPONDED]),
        ops.AddIndex(model_name='Complaint', index=Index(fields=['status', 'respond_by', 'id'])),
        ops.AddIndex(model_name='Complaint', index=Index(fields=['status', 'deadline_at', 'id'])),
    ]
