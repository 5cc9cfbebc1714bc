"""Words that would run, steer or break a page if any place showed them as they are; and looking whether one does."""

from html.parser import HTMLParser

MARK = "xss7"
CORPUS = (
    f"<script>{MARK}()</script>",
    f"<img src=x onerror={MARK}()>",
    f"<svg/onload={MARK}()>",
    f'"><script>{MARK}()</script>',
    f"' onmouseover='{MARK}()' x='",
    f'" autofocus onfocus="{MARK}()" x="',
    f"</textarea><script>{MARK}()</script>",
    f"</title><script>{MARK}()</script>",
    f'<a href="javascript:{MARK}()">x</a>',
    f"javascript:{MARK}()",
    f"{{{{ {MARK} }}}}{{% raise {MARK} %}}",
    f"<!-- {MARK} --><b>",
    f"<iframe srcdoc='<script>{MARK}()</script>'>",
    f"<form action=https://evil.example><button>{MARK}</button></form>",
    f"<style>*{{background:url(https://evil.example/{MARK})}}</style>",
    f"<meta http-equiv=refresh content=0;url=https://evil.example/{MARK}>",
    f"<p hx-get=/desk/{MARK} hx-trigger=load>{MARK}</p>",
    f"\u202e{MARK}\u202c",
    f"\x00{MARK}\x1b[31m",
)
_RUNS = {"script", "iframe", "object", "embed", "style", "base", "frame"}
_LEADING = {"href", "src", "srcset", "action", "formaction", "data", "poster", "ping", "background"}


class _Looking(HTMLParser):
    """What a browser would make of a page, as far as it could harm."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        own = values.get("src", "").startswith("/desk/static/")
        if tag in _RUNS and not (tag == "script" and own):
            self.found.append(tag)
        for name, value in values.items():
            bare = "".join(value.split()).lower()
            leads = name in _LEADING and bare.startswith(
                ("javascript:", "http:", "https:", "//", "vbscript:")
            )
            if name.startswith("on") or name in ("style", "srcdoc") or leads:
                self.found.append(f"{tag} {name}={value}")
            if name.startswith("hx-") and MARK in value:
                self.found.append(f"{tag} {name}={value}")
        if tag == "meta" and "http-equiv" in values:
            self.found.append("meta http-equiv")

    def handle_data(self, data: str) -> None:
        if self.lasttag in ("script", "style") and MARK in data:
            self.found.append(f"inside {self.lasttag}")

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.found.append("a comment")


def harm(page: str) -> list[str]:
    """What in a page could run, load from elsewhere or send somewhere; nothing in a page of ours."""
    looking = _Looking()
    looking.feed(page)
    return looking.found
