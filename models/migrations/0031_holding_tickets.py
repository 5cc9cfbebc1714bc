from tortoise import migrations
from tortoise.migrations import operations as ops

# The ticket that lives, held until the transaction ends, then what is merged into it and somebody still waits for.
# A merged one is not held, not even where it was merged while we waited for it: going back lets go of it.
LIVING = """
CREATE FUNCTION living_ticket(wanted int) RETURNS SETOF ticket LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT * FROM ticket WHERE id = wanted AND status <> 'duplicate' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE 'ticket % is merged', wanted USING ERRCODE = 'GJ001';
    END IF;
    RETURN QUERY SELECT * FROM ticket
        WHERE duplicate_of_id = wanted AND status = 'duplicate' AND withdrawn_at IS NULL ORDER BY id;
EXCEPTION WHEN SQLSTATE 'GJ001' THEN
    RETURN;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0030_whom_complaints_may_be_about")]

    initial = False

    operations = [ops.RunSQL(LIVING, "DROP FUNCTION living_ticket(int)")]
