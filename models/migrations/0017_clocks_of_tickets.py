from tortoise import migrations
from tortoise.migrations import operations as ops
from models.indexes import WhereIndex
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

# Of tickets that are open: by the hours of a day, which is close; every later step sets them by the working hours.
# Of all: when somebody first promised to come, as far as the rows still know.
FILLED = [
    "UPDATE ticket SET answered_at = least(confirmed_at, arrived_at) WHERE confirmed_at IS NOT NULL OR arrived_at IS NOT NULL",
    """
    UPDATE ticket SET
        respond_by = ticket.created_at + make_interval(mins => category.accept_minutes),
        arrive_by = coalesce(eta, appointment_end, appointment_start,
            ticket.created_at + make_interval(mins => category.arrive_minutes)),
        finish_by = arrived_at + make_interval(mins => category.finish_minutes),
        held_at = CASE WHEN status = 'on_hold' THEN now() END
    FROM category
    WHERE category.id = ticket.category_id
        AND status NOT IN ('awaiting_resident', 'closed', 'declined', 'duplicate', 'cancelled')
    """,
]


class Migration(migrations.Migration):
    dependencies = [('models', '0016_work_is_told')]

    initial = False

    operations = [
        ops.CreateModel(
            name='TicketBatch',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('verb', fields.CharField(max_length=16)),
                ('rows', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('undone_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'ticket_batch', 'app': 'models', 'pk_attr': 'id', 'table_description': 'What somebody did to several tickets at once, with how each was before: taken back as one while it is fresh.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Ticket',
            name='answered_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Ticket',
            name='arrive_by',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Ticket',
            name='finish_by',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Ticket',
            name='held_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Ticket',
            name='respond_by',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Ticket',
            index=Index(fields=['community_id', 'id']),
        ),
        ops.AddIndex(
            model_name='Ticket',
            index=Index(fields=['category_id', 'id']),
        ),
        ops.AddIndex(
            model_name='Ticket',
            index=Index(fields=['technician_id', 'id']),
        ),
        ops.AddIndex(
            model_name='Ticket',
            index=Index(fields=['contact_name', 'id']),
        ),
        ops.AddIndex(
            model_name='Ticket',
            index=WhereIndex(fields=['id'], name='ticket_unfinished', where="status NOT IN ('closed', 'declined', 'duplicate', 'cancelled')"),
        ),
        ops.AddIndex(
            model_name='Ticket',
            index=WhereIndex(fields=['id'], name='ticket_urgent', where='urgent'),
        ),
        ops.RunSQL(FILLED),
    ]
