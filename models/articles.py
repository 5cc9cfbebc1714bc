"""What the company has written down for residents: answers, handbooks, rules, news, itself."""

from enum import StrEnum

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community


class Section(StrEnum):
    FAQ = "faq"
    HANDBOOK = "handbook"  # 业主手册, 租户手册 (see Audience)
    RULES = "rules"  # of the community
    COMPANY = "company"  # 公司介绍
    TEAM = "team"
    NEWS = "news"
    KNOWLEDGE = "knowledge"
    PROJECT = "project"  # 项目动态, 开盘信息


class Audience(StrEnum):
    ALL = "all"
    OWNER = "owner"
    TENANT = "tenant"


class Article(Model):
    """Without a community it is the company's, for everyone. `asked_as` are ways people ask for it;
    with title and keywords they weigh most in the search. `updated_at` tells readers' indexes to reload."""

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", null=True
    )
    community_id: int | None
    section = fields.CharEnumField(Section)
    audience = fields.CharEnumField(Audience, default=Audience.ALL)
    title = fields.CharField(100)
    text = fields.TextField()
    keywords: list[str] = ArrayField(element_type="text", default=list)
    asked_as: list[str] = ArrayField(element_type="text", default=list)
    picture = fields.CharField(64, default="")
    url = fields.CharField(300, default="")
    sort = fields.IntField(default=0)
    published = fields.BooleanField(default=True)
    published_at = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "article"
        indexes = (Index(fields=("section", "community_id", "sort")), Index(fields=("updated_at",)))
