"""Makes an MP3 out of a voice message, which browsers play. Runs in a process of its own, see voices.py.

As a program it reads the voice from standard input and writes the MP3 to standard output; it ends with NO_LIBRARY
where PyAV is not installed, with 1 for what is no voice.
"""

import importlib
import io
import resource
import sys

NO_LIBRARY = 3
_MEMORY = 1 << 30
_RATE = 16_000  # AMR has 8,000 or 16,000 in a second; every browser plays this
_BIT_RATE = 32_000
_LONGEST_S = 600  # a voice message has a minute at most
# Named, never guessed: among what FFmpeg guesses are playlists, which lead it to other addresses.
_FORMATS = {b"#!AMR": "amr", b"OggS": "ogg"}


def container(content: bytes) -> str:
    """How FFmpeg calls what this is, "" for anything that is not turned into an MP3."""
    return next((name for start, name in _FORMATS.items() if content.startswith(start)), "")


def mp3(content: bytes) -> bytes:
    """Raises ValueError or an error of PyAV for what cannot be heard."""
    av = importlib.import_module("av")  # an optional extra

    made = io.BytesIO()
    to_mp3 = av.AudioResampler(format="s16p", layout="mono", rate=_RATE)
    with (
        av.open(io.BytesIO(content), format=container(content)) as heard,
        av.open(made, "w", format="mp3") as written,
    ):
        stream = written.add_stream("libmp3lame", rate=_RATE, layout="mono")
        stream.bit_rate = _BIT_RATE
        for frame in heard.decode(audio=0):
            if frame.time is not None and frame.time > _LONGEST_S:
                break
            for each in to_mp3.resample(frame):
                written.mux(stream.encode(each))
        for each in to_mp3.resample(None):
            written.mux(stream.encode(each))
        written.mux(stream.encode(None))
    return made.getvalue()


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    content = sys.stdin.buffer.read()
    if not container(content):
        return 1
    try:
        sound = mp3(content)
    except ImportError:
        return NO_LIBRARY
    sys.stdout.buffer.write(sound)
    return 0


if __name__ == "__main__":
    sys.exit(main())
