"""管家 Guanjia: `python run.py --help` says what it can do; without a command it starts everything."""

import os
import sys

from commands import main

if __name__ == "__main__":
    os.umask(0o077)  # photos, names and keys: what is written is for the account that runs this alone
    sys.exit(main(sys.argv[1:]))
