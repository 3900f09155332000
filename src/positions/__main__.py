"""`python -m positions` is the command `positions`."""

import sys

from positions.cli.main import main

sys.exit(main())
