"""run.py import: read a spreadsheet of houses, bills, notices … into the database."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from services.imports import Problem, Report

_MOST_SHOWN = 200
_PROBLEMS = 1  # exit status when cells are wrong; nothing was written


def register(subparsers: "Subparsers") -> None:
    from services.imports.kinds import KINDS

    parser = subparsers.add_parser(
        "import",
        description="Read the first visible sheet of an .xlsx, or a .csv, with Chinese headers. Every bad cell is "
        "named by its address, and one bad cell keeps the whole file out. --template writes an empty spreadsheet.",
    )
    parser.add_argument("kind", choices=list(KINDS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
    parser.add_argument("--template", action="store_true", help="write an empty template to FILE")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    if chosen.template:
        return write_template(chosen.kind, chosen.file)
    from commands.office import session

    status: list[int] = []

    async def work() -> None:
        status.append(await read(chosen.kind, chosen.file, dry_run=chosen.dry_run))

    session.run(work)
    return status[0]


async def read(kind: str, file: Path, *, dry_run: bool) -> int:
    """The exit status. Raises StartError for a file that cannot be read at all."""
    from commands import StartError
    from services import imports
    from services.actors import OPERATOR
    from services.errors import Invalid

    try:
        report = await imports.load(imports.KINDS[kind], imports.read(file), dry_run=dry_run, actor=OPERATOR)
    except Invalid as error:
        raise StartError(_words(error.phrase, error.values)) from error
    print("\n".join(_lines(report)))
    return _PROBLEMS if report.problems else 0


def write_template(kind: str, file: Path) -> int:
    from commands import StartError
    from services import imports

    if file.suffix.lower() != ".xlsx":
        raise StartError("模板是 .xlsx 文件，请用这个后缀。")
    if file.exists():
        raise StartError(f"「{file}」已经存在，没有覆盖。")
    found = imports.KINDS[kind]
    imports.write_template(file, found.title, [(one.header, one.required, one.hint) for one in found.columns])
    print(f"已写好模板：{file}")
    return 0


def _lines(report: "Report") -> list[str]:
    read = f"工作表「{report.sheet}」，" if report.sheet else ""
    if report.skipped:
        read += f"没有用到「{'」「'.join(report.skipped)}」列，"
    if not report.problems:
        done = (
            f"新增 {report.created}，更新 {report.updated}。"
            if report.saved
            else "可以导入；这次只检查，没有写入。"
        )
        return [f"{read}共 {report.rows} 行，没有问题。{done}"]
    shown = [_line(problem) for problem in report.problems[:_MOST_SHOWN]]
    if more := len(report.problems) - len(shown):
        shown.append(f"……还有 {more} 处")
    return [*shown, f"{read}共 {report.rows} 行，{len(report.problems)} 处有问题，一行都没有写入。"]


def _line(problem: "Problem") -> str:
    """Where, what stands there, and what is wrong with it."""
    words = _words(problem.phrase, problem.values)
    where = f"{problem.cell or '表头'}（{problem.column}）" if problem.column else problem.cell
    said = f"「{problem.said}」"
    said = said if problem.said and said not in words else ""
    return f"{where}{said}：{words}"


def _words(phrase: str, values: Mapping[str, str | int]) -> str:
    from dialogs import shipped

    return shipped.phrases().reply(phrase, dict(values)).text
