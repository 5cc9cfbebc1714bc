from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

# Whatever writes one of these rows, in whatever way, the pages that staff have open hear of it.
CHANGES = [
    """
    CREATE FUNCTION desk_changed(what text, conversation int, person int, community int) RETURNS void
    LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO desk_change (transaction_id, kind, conversation_id, person_id, community_id, at)
        VALUES (pg_current_xact_id()::text::bigint, what, conversation, person, community, now());
    END $$
    """,
    """
    CREATE FUNCTION desk_conversation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM desk_changed('talk', NEW.id, NULL, NULL);
        IF TG_OP = 'UPDATE' THEN
            IF OLD.queue_office_id IS DISTINCT FROM NEW.queue_office_id
                OR OLD.held_by_id IS DISTINCT FROM NEW.held_by_id THEN
                PERFORM desk_changed('list', NULL, NULL, NULL);
            END IF;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION desk_conversation_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM desk_changed('talk', NEW.conversation_id::int, NULL, NULL);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION desk_person_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM desk_changed('talk', NULL, NEW.person_id, NULL);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION desk_binding_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM desk_changed('talk', NULL, NEW.person_id, NULL);
        PERFORM desk_changed('list', NULL, NULL, NULL);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION desk_alarm_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM desk_changed('alarm', NULL, NULL, NEW.community_id);
        IF NEW.person_id IS NOT NULL THEN
            PERFORM desk_changed('talk', NULL, NEW.person_id, NULL);
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION desk_event_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.subject_kind = 'conversation' THEN
            PERFORM desk_changed('talk', NEW.subject_id::int, NULL, NULL);
        ELSE
            PERFORM desk_changed('talk', NULL, reporter_id, NULL)
            FROM ticket WHERE id = NEW.subject_id AND reporter_id IS NOT NULL;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER desk_change AFTER INSERT OR UPDATE ON conversation
    FOR EACH ROW EXECUTE FUNCTION desk_conversation_changed()
    """,
    "CREATE TRIGGER desk_change AFTER INSERT ON note FOR EACH ROW EXECUTE FUNCTION desk_conversation_told()",
    """
    CREATE TRIGGER desk_change AFTER INSERT OR UPDATE ON held_reply
    FOR EACH ROW EXECUTE FUNCTION desk_conversation_told()
    """,
    """
    CREATE TRIGGER desk_change_new AFTER INSERT ON outbox
    FOR EACH ROW WHEN (NOT starts_with(NEW.key, 'private:')) EXECUTE FUNCTION desk_person_told()
    """,
    """
    CREATE TRIGGER desk_change AFTER UPDATE ON outbox
    FOR EACH ROW WHEN (NOT starts_with(NEW.key, 'private:') AND (OLD.status IS DISTINCT FROM NEW.status
        OR OLD.arrived_at IS DISTINCT FROM NEW.arrived_at OR OLD.error IS DISTINCT FROM NEW.error))
    EXECUTE FUNCTION desk_person_told()
    """,
    """
    CREATE TRIGGER desk_change AFTER UPDATE ON media_file
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION desk_person_told()
    """,
    """
    CREATE TRIGGER desk_change AFTER INSERT OR UPDATE ON binding
    FOR EACH ROW EXECUTE FUNCTION desk_binding_changed()
    """,
    """
    CREATE TRIGGER desk_change AFTER INSERT OR UPDATE ON staff_task
    FOR EACH ROW WHEN (NEW.kind = 'alert') EXECUTE FUNCTION desk_alarm_changed()
    """,
    """
    CREATE TRIGGER desk_change AFTER INSERT ON event
    FOR EACH ROW WHEN (NEW.subject_kind IN ('conversation', 'ticket')) EXECUTE FUNCTION desk_event_told()
    """,
]


class Migration(migrations.Migration):
    dependencies = [('models', '0014_mass_messages')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Change',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('transaction_id', fields.BigIntField()),
                ('kind', fields.CharField(max_length=8)),
                ('conversation_id', fields.IntField(null=True)),
                ('person_id', fields.IntField(null=True)),
                ('community_id', fields.IntField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'desk_change', 'app': 'models', 'indexes': [Index(fields=['transaction_id'])], 'pk_attr': 'id', 'table_description': 'Written by the triggers of models/migrations in the transaction that makes the change, and soon pruned.'},
            bases=['Model'],
        ),
        ops.RunSQL(CHANGES),
    ]
