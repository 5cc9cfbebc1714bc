"""What the search looks through: a line for each thing that was written, filled in behind the turns by the worker."""

from tortoise import fields
from tortoise.models import Model


class SearchLine(Model):
    """`text` is as `search_flat` (models/migrations) spells it: small letters, without spaces and marks.

    `source` says whose words they are, `row_id` which row of it: m a resident's message, o a reply of staff in the
    outbox, n a note; t, c and r are repairs, complaints and requests. What is found by it is read from that row, so
    that a line by itself shows nothing to anybody. An index over its pairs of characters stands beside this table.
    """

    id = fields.BigIntField(primary_key=True)
    source = fields.CharField(1)
    row_id = fields.BigIntField()
    text = fields.TextField()

    class Meta:
        table = "search_line"
        unique_together = (("source", "row_id"),)


class SearchFeed(Model):
    """How far a table has been read.

    Up to `settled` everything is in, up to `reached` what was there to be seen. Numbers are given before their
    transactions commit: `mark` is a number that was reached, `mark_xmax` a moment after it. Once every transaction of
    before that moment has ended, nothing can appear below `mark` any more.
    """

    name = fields.CharField(8, primary_key=True)
    settled = fields.BigIntField(default=0)
    reached = fields.BigIntField(default=0)
    mark = fields.BigIntField(default=0)
    mark_xmax = fields.BigIntField(null=True)

    class Meta:
        table = "search_feed"
