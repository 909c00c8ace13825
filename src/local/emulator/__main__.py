"""`python -m emulator`: starts the local AWS."""

import sys

from emulator.server import main

if __name__ == "__main__":
    sys.exit(main())
