"""管家 Guanjia: `python run.py --help` says what it can do; without a command it starts everything."""

import sys

from commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
