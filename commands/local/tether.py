"""Become another program that cannot outlive its parent; run as a script with nothing imported but the library.

    python -IS tether.py PARENT_PID SIGNAL UID GID PROGRAM [ARGUMENT ...]

UID and GID are -1 to stay who we are. When the parent dies, however it dies, Linux sends SIGNAL to PROGRAM;
elsewhere PROGRAM is only started. An exec in between, because the setting is lost on a change of user and
because a function between fork and exec is unsafe in a process with threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def _leave_root(uid: int, gid: int) -> None:
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def _tie(parent: int, signal: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != parent:  # it died before the tie was made
        sys.exit(1)


def main() -> None:
    parent, signal, uid, gid = (int(word) for word in sys.argv[1:5])
    _leave_root(uid, gid)
    _tie(parent, signal)
    os.execv(sys.argv[5], sys.argv[5:])


if __name__ == "__main__":
    main()
