"""Early plugin: starts the private test instances before Django's settings are loaded.

They are shared by all runs of this checkout and stay up; `make test` ends them when it is done.
"""

import gc
import os

os.environ["REDRESS_ENV"] = "test"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's sync API runs a loop

from launcher.places import places
from launcher.services import start_services
from launcher.translations import compile_translations

gc.set_threshold(100_000, 50, 50)  # a test's objects are many and short-lived: look less often
PLACES = places("test")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if WORKER:  # each worker has a database of its own, so its files must be its own too
    os.environ["REDRESS_FILES_ROOT"] = str(PLACES.var / f"files-{WORKER}")
start_services(PLACES)
compile_translations(PLACES.checkout / "locale")
