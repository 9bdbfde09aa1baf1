"""Start the frozen program: PyInstaller wants a script, and app/__main__.py is in a package."""

import sys

from app.__main__ import main

sys.exit(main())
