"""QR codes as pictures and as a sheet to print and cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import qrcode
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Code:
    """One code: `content` is what it holds, the file is named `name`.png, `label` is printed below it."""

    name: str
    label: str
    content: str
    large: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}.png"


def write(folder: Path, codes: Sequence[Code], *, company: str, title: str) -> Path:
    """Pictures and `sheet.html` in the folder; the sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    for code in codes:
        with (folder / code.file).open("wb") as file:
            qrcode.make(code.content, border=2).save(file, "PNG")
    pages = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    sheet = folder / "sheet.html"
    sheet.write_text(
        pages.get_template("sheet.html").render(company=company, title=title, codes=codes), "utf-8"
    )
    return sheet
