from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

# What happens to a complaint is told to the open pages of all but those whom it is about, as is known by then; that
# it is about them is told to them as well, so that it leaves their pages.
TOLD = [
    """
    CREATE FUNCTION complaint_hidden_from(complaint bigint) RETURNS int[] LANGUAGE sql STABLE AS $$
        WITH whom AS (
            SELECT about_staff_id AS staff, about_technician_id AS technician FROM complaint WHERE id = $1
            UNION ALL
            SELECT staff_id, technician_id FROM complaint_suspect WHERE complaint_id = $1
        )
        SELECT array_agg(staff.id ORDER BY staff.id) FROM staff WHERE $1 IS NOT NULL AND (
            staff.id IN (SELECT staff FROM whom) OR staff.person_id IN (
                SELECT technician.person_id FROM technician JOIN whom ON technician.id = whom.technician))
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION desk_events_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO desk_change
            (transaction_id, kind, conversation_id, person_id, community_id, subject_kind, subject_id, at)
        SELECT DISTINCT pg_current_xact_id()::text::bigint,
            CASE WHEN subject_kind = 'conversation' OR reporter_id IS NOT NULL THEN 'talk' ELSE 'work' END,
            CASE WHEN subject_kind = 'conversation' THEN subject_id::int END,
            reporter_id, fresh.community_id, subject_kind,
            CASE WHEN subject_kind = 'complaint' AND verb <> 'pointed_out' THEN subject_id END, now()
        FROM fresh LEFT JOIN ticket ON subject_kind = 'ticket' AND ticket.id = subject_id;
        RETURN NULL;
    END $$
    """,
]


class Migration(migrations.Migration):
    dependencies = [('models', '0029_complaints_about')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ComplaintSuspect',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('complaint', fields.ForeignKeyField('models.Complaint', source_field='complaint_id', db_constraint=True, to_field='id', related_name='suspects', on_delete=OnDelete.CASCADE)),
                ('staff', fields.ForeignKeyField('models.Staff', source_field='staff_id', null=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
                ('technician', fields.ForeignKeyField('models.Technician', source_field='technician_id', null=True, db_constraint=True, to_field='id', on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'complaint_suspect', 'app': 'models', 'indexes': [Index(fields=['complaint_id']), Index(fields=['staff_id', 'complaint_id']), Index(fields=['technician_id', 'complaint_id'])], 'pk_attr': 'id', 'table_description': 'One of several whom a complaint may be about, as long as it is not known about whom it is.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Change',
            name='subject_id',
            field=fields.BigIntField(null=True),
        ),
        ops.RemoveField(model_name='Promise', name='hidden_from'),
        ops.RunSQL(TOLD),
    ]
