from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

# How words are spelt in the search, on both sides: half-width, small letters, no spaces, no marks.
SPELLING = r"""
CREATE FUNCTION search_flat(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT regexp_replace(lower(normalize(left(said, 4000), NFKC)),
        '[\s!-/:-@\[-`{-~\u00a0-\u00bf\u2000-\u206f\u3000-\u303f\ufe10-\ufe6f\uff00-\uff0f]+', '', 'g')
$$
"""
# What a line is found by: its pairs of characters, fours of letters and digits (pairs of digits stand everywhere),
# what it is of, and its block: 32,768 lines that were written one after the other, so that the newest can be looked
# through first.
WORDS = """
CREATE FUNCTION search_words(flat text, source text, id bigint) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT substr(flat, i, 2) FROM generate_series(1, length(flat) - 1) AS i
        UNION ALL
        SELECT substr(flat, i, 4) FROM generate_series(1, length(flat) - 3) AS i
            WHERE substr(flat, i, 4) ~ '^[0-9a-z]{4}$')
        || ('#' || (id >> 15)) || ('#' || source))
$$
"""
INDEX = "CREATE INDEX search_line_words ON search_line USING gin (search_words(text, source, id)) WITH (gin_pending_list_limit = 64)"
# What is erased, or goes after its years, is not found any more. Nothing of this runs in a turn.
FORGETTING = [
    """
    CREATE FUNCTION search_forget() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM search_line WHERE source = TG_ARGV[0] AND row_id = OLD.id;
        RETURN NULL;
    END $$
    """,
    *(
        f"""
        CREATE TRIGGER search_gone AFTER DELETE ON {table}
        FOR EACH ROW {when} EXECUTE FUNCTION search_forget('{source}')
        """
        for table, source, when in (
            ('message', 'm', ''), ('outbox', 'o', "WHEN (OLD.payload ? 'staff')"), ('note', 'n', ''),
            ('ticket', 't', ''), ('complaint', 'c', ''), ('service_request', 'r', ''),
        )
    ),
    *(
        f"""
        CREATE TRIGGER search_erased AFTER UPDATE OF {column} ON {table}
        FOR EACH ROW WHEN (NEW.{column}::text = '{nothing}' AND OLD.{column}::text <> '{nothing}')
        EXECUTE FUNCTION search_forget('{source}')
        """
        for table, source, column, nothing in (
            ('message', 'm', 'text', ''), ('ticket', 't', 'description', ''),
            ('complaint', 'c', 'story', ''), ('service_request', 'r', 'answers', '[]'),
        )
    ),
]
FEEDS = """
INSERT INTO search_feed (name, settled, reached, mark)
VALUES ('message', 0, 0, 0), ('outbox', 0, 0, 0), ('note', 0, 0, 0), ('event', 0, 0, 0)
"""


class Migration(migrations.Migration):
    dependencies = [('models', '0023_instructions_and_follow_ups')]

    initial = False

    operations = [
        ops.CreateModel(
            name='SearchFeed',
            fields=[
                ('name', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=8)),
                ('settled', fields.BigIntField(default=0)),
                ('reached', fields.BigIntField(default=0)),
                ('mark', fields.BigIntField(default=0)),
                ('mark_xmax', fields.BigIntField(null=True)),
            ],
            options={'table': 'search_feed', 'app': 'models', 'pk_attr': 'name', 'table_description': 'How far a table has been read.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SearchLine',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('source', fields.CharField(max_length=1)),
                ('row_id', fields.BigIntField()),
                ('text', fields.TextField(unique=False)),
            ],
            options={'table': 'search_line', 'app': 'models', 'unique_together': (('source', 'row_id'),), 'pk_attr': 'id', 'table_description': '`text` is as `search_flat` (models/migrations) spells it: small letters, without spaces and marks.'},
            bases=['Model'],
        ),
        ops.RunSQL([SPELLING, WORDS, INDEX, *FORGETTING, FEEDS]),
    ]
