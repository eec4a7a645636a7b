"""Which user the private services run as, and what that user can reach.

PostgreSQL refuses to run as root, so root hands the services to an unprivileged user.
"""

import contextlib
import grp
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.errors import LaunchError
from launcher.places import Places

OTHERS_MAY_ENTER = stat.S_IXOTH
OTHERS_MAY_READ_AND_ENTER = stat.S_IXOTH | stat.S_IROTH


@dataclass(frozen=True)
class Account:
    """A user of the system and whether we have to become that user first."""

    user_id: int
    group_id: int
    switch: bool

    def popen_arguments(self) -> dict[str, Any]:
        """Give what subprocess needs to start a program as this user."""
        if not self.switch:
            return {}
        return {"user": self.user_id, "group": self.group_id, "extra_groups": [], "cwd": "/"}

    def own(self, folder: Path) -> Path:
        """Make a private folder of this user; raises LaunchError if it is someone else's."""
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700, parents=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            raise LaunchError(f"{folder} is not a folder. Remove it and start again.")
        if self.switch and found.st_uid in (0, self.user_id):
            os.chown(folder, self.user_id, self.group_id)
        elif found.st_uid != self.user_id:
            owner = pwd.getpwuid(found.st_uid).pw_name
            raise LaunchError(f"{folder} belongs to {owner}. Start as {owner}, or remove it.")
        folder.chmod(0o700)
        return folder


def nobody() -> tuple[int, int]:
    """Give the ids of the unprivileged user that every Unix has."""
    user = pwd.getpwnam("nobody")
    for name in ("nogroup", "nobody"):
        try:
            return user.pw_uid, grp.getgrnam(name).gr_gid
        except KeyError:
            continue
    return user.pw_uid, user.pw_gid


def service_account(data: Path) -> Account:
    """Give the user of a service: whoever asks; for root, the data's owner, else nobody."""
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid(), switch=False)
    if data.exists() and data.stat().st_uid != 0:
        found = data.stat()
        return Account(found.st_uid, found.st_gid, switch=True)
    return Account(*nobody(), switch=True)


def others_reach(path: Path, *, needs: int = OTHERS_MAY_ENTER) -> bool:
    """Tell whether any user can walk to a path and use it; a missing path asks its parent."""
    while not path.exists():
        path, needs = path.parent, OTHERS_MAY_ENTER
    if path.stat().st_mode & needs != needs:
        return False
    return all(parent.stat().st_mode & OTHERS_MAY_ENTER for parent in path.parents)


def data_store(places: Places) -> Path:
    """Give the folder that holds the services' data: under var/ if their user can reach it."""
    if os.getuid() != 0 or others_reach(places.var):
        return places.var
    return places.reachable_store
