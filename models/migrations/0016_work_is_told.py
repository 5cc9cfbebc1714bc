from tortoise import fields, migrations
from tortoise.migrations import operations as ops

# Every event tells the open pages that something happened to such a subject; one row however many were recorded at once.
EVENTS = [
    "DROP TRIGGER desk_change ON event",
    "DROP FUNCTION desk_event_told()",
    """
    CREATE FUNCTION desk_events_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO desk_change
            (transaction_id, kind, conversation_id, person_id, community_id, subject_kind, at)
        SELECT DISTINCT pg_current_xact_id()::text::bigint,
            CASE WHEN subject_kind = 'conversation' OR reporter_id IS NOT NULL THEN 'talk' ELSE 'work' END,
            CASE WHEN subject_kind = 'conversation' THEN subject_id::int END,
            reporter_id, fresh.community_id, subject_kind, now()
        FROM fresh LEFT JOIN ticket ON subject_kind = 'ticket' AND ticket.id = subject_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER desk_change AFTER INSERT ON event REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION desk_events_told()
    """,
]


class Migration(migrations.Migration):
    dependencies = [("models", "0015_live_updates")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Change",
            name="subject_kind",
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.RunSQL(EVENTS),
    ]
