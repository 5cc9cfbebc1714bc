"""Finding the article that answers what somebody asks."""

import pytest

from models.articles import Article, Audience, Section
from models.community import Relation
from services.community import answers, articles
from services.community.word_index import WordIndex, tokens
from services.errors import NotFound
from services.estate import homes
from tests.world import places

pytestmark = pytest.mark.usefixtures("database")


async def _article(title: str, *, text: str = "", keywords: tuple[str, ...] = (), **given: object) -> Article:
    article = Article(section=Section.FAQ, title=title, text=text or title, keywords=list(keywords))
    article.update_from_dict(given)
    await article.save()
    return article


async def test_the_best_article_comes_first_and_related_ones_after() -> None:
    best = await _article("怎么办门禁卡", keywords=("补卡", "门卡"), text="每户免费四张。")
    other = await _article("访客怎么进小区", text="门岗登记，不用门禁卡。")
    await _article("暖气什么时候来", text="十一月十五日。")
    found = await answers.find(None, "门禁卡怎么补卡")
    assert found.best == articles.view(best) and found.sure and found.related == [articles.view(other)]


async def test_what_nothing_fits_finds_nothing() -> None:
    await _article("怎么办门禁卡")
    found = await answers.find(None, "今天股票涨了吗")
    assert (found.best, found.sure, found.related) == (None, False, [])
    assert (await answers.find(None, "？？！")).best is None


async def test_a_changed_article_is_found_by_its_new_words_at_once() -> None:
    article = await _article("怎么办门禁卡")
    assert (await answers.find(None, "泳池开放时间")).best is None
    article.title = "游泳池开放时间"
    await article.save()
    assert (await answers.find(None, "泳池开放时间")).best == articles.view(article)
    await article.delete()
    assert (await answers.find(None, "泳池开放时间")).best is None


async def test_each_reads_their_own_community_and_their_own_handbook() -> None:
    here, there = await places.community(), await places.community("阳光家园")
    house = await places.house(here)
    owner, tenant = await places.resident(house), await places.resident(house, "租客", Relation.TENANT)
    foreign = await _article("泳池开放时间", community_id=there.id)
    owners = await _article("退房登记（业主）", audience=Audience.OWNER, section=Section.HANDBOOK)
    tenants = await _article("退房登记（租客）", audience=Audience.TENANT, section=Section.HANDBOOK)
    assert (await answers.find(await homes.find(owner.id), "泳池开放时间")).best is None
    with pytest.raises(NotFound):
        await articles.get(owner.id, foreign.id)
    assert (await answers.find(await homes.find(owner.id), "退房登记")).best == articles.view(owners)
    assert (await answers.find(await homes.find(tenant.id), "退房登记")).best == articles.view(tenants)
    assert await articles.of_section(tenant.id, Section.HANDBOOK) == [articles.view(tenants)]


def test_tokens_are_pairs_telling_characters_and_latin_words() -> None:
    assert sorted(tokens("装WiFi的费用")) == ["wifi", "用", "的费", "装", "费", "费用"]


def test_words_that_only_ask_find_nothing() -> None:
    index = WordIndex({1: [(4.0, "哪些地方不能动")], 2: [(4.0, "访客停车")]})
    assert [key for key, _ in index.rank("能不能停车", {1, 2})] == [2]


def test_a_score_is_the_share_of_the_question_that_a_text_has() -> None:
    index = WordIndex({1: [(1.0, "充电桩")], 2: [(1.0, "门禁卡")]})
    [(key, score)] = index.rank("充电桩", {1, 2})
    assert key == 1 and 0 < score <= 1
    assert index.rank("充电桩", {2}) == []
