"""`run.py understand` as a person or a script calls it."""

import json
from pathlib import Path

import pytest

from commands import main


def test_it_prints_one_object_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentences = tmp_path / "sentences.txt"
    sentences.write_text(
        "3栋2单元501厨房水龙头漏水，明天下午三点来，电话13800001234\n\n你好\n", encoding="utf-8"
    )
    assert main(["understand", "--now", "2026-11-20T10:30:00+08:00", str(sentences)]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert list(first) == ["text", "intent", "confidence", "ranking", "action", "entities"]
    assert (first["intent"], first["action"]) == ("repair_report", "answer")
    assert first["entities"] == {
        "room": "3-2-501",
        "phone": "13800001234",
        "time": {"start": "2026-11-21T15:00:00+08:00", "end": None},
        "category": "water",
    }
    assert (second["intent"], second["entities"]) == ("smalltalk", {})


def test_it_measures_and_writes_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labelled, out = tmp_path / "labelled.tsv", tmp_path / "figures.json"
    labelled.write_text(
        "text\tintent\n马桶堵了\trepair_report\n着火了\temergency\n再见\tfee_pay\n", encoding="utf-8"
    )
    assert main(["understand", "--evaluate", str(labelled), "--json", str(out)]) == 0
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert (figures["sentences"], figures["accuracy"], figures["emergency_recall"]) == (3, 0.6667, 1.0)
    assert figures["confusion"]["fee_pay"] == {"smalltalk": 1}
    assert "0.6667" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text"),
    [("missing.tsv", None), ("notab.tsv", "没有标注的句子"), ("broken.jsonl", "{"), ("empty.tsv", "")],
)
def test_input_that_cannot_be_used_is_said_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str | None
) -> None:
    labelled = tmp_path / name
    if text is not None:
        labelled.write_text(text, encoding="utf-8")
    assert main(["understand", "--evaluate", str(labelled)]) == 2
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1
    assert "Traceback" not in said
