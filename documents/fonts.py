"""Whether this machine can print Chinese."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache


@lru_cache(maxsize=1)
def cjk_font_available() -> bool:
    """Tell whether fontconfig finds a face that covers Simplified Chinese.

    Without one WeasyPrint does not fail: it prints empty boxes. Asked once a process.
    """
    tool = shutil.which("fc-list")
    if tool is None:
        return False
    listing = subprocess.run(
        [tool, ":lang=zh-cn", "family"], capture_output=True, timeout=30, check=False
    )
    return listing.returncode == 0 and bool(listing.stdout.strip())
