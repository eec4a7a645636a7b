#!/usr/bin/env python3
"""Check an evidence pack without Redress: python verify_evidence_pack.py PACK.zip [MANIFEST_SHA256]

Reads the manifest, hashes every file named in it, and says what is missing, changed, or not named.
Needs Python 3.9 and nothing else. Give the SHA-256 of the manifest as it was told to you by another
way: without it the script proves only that the pack agrees with itself. Exit status: 0 unchanged,
1 something differs, 2 this is no pack.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
import zlib

FORMAT = "redress-evidence-pack-1"
MANIFEST = "manifest.json"
CHUNK = 256 * 1024
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    NotImplementedError,
    RuntimeError,
)


class NoPack(Exception):
    """The file can't be read as an evidence pack."""


def read_manifest(pack: zipfile.ZipFile) -> tuple[dict[str, dict[str, object]], str]:
    """Return the files by path, and the manifest's SHA-256."""
    try:
        data = pack.read(MANIFEST)
        told = json.loads(data)
        files = {str(entry["path"]): entry for entry in told["files"]}
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise NoPack(f"no readable {MANIFEST}") from error
    if told.get("format") != FORMAT:
        raise NoPack(f"not a pack of the form {FORMAT}")
    if len(files) != len(told["files"]):
        raise NoPack("the manifest names a file twice")
    return files, hashlib.sha256(data).hexdigest()


def digest_of(pack: zipfile.ZipFile, path: str, most: int) -> tuple[str, int]:
    """Return SHA-256 and size of a file; reads no further than it should be long."""
    digest, size = hashlib.sha256(), 0
    with pack.open(path) as stream:
        while size <= most:
            chunk = stream.read(CHUNK)
            if not chunk:
                break
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def faults_of(pack: zipfile.ZipFile, files: dict[str, dict[str, object]]) -> list[str]:
    """Return every difference between the manifest and the pack."""
    names = pack.namelist()
    found = [
        f"twice in the pack: {name}" for name in sorted({n for n in names if names.count(n) > 1})
    ]
    found += [f"not in the manifest: {name}" for name in sorted({*names} - {*files, MANIFEST})]
    for path, entry in sorted(files.items()):
        if path not in names:
            found.append(f"missing: {path}")
            continue
        try:
            sha256, size = digest_of(pack, path, int(str(entry["size"])))
        except UNREADABLE:
            found.append(f"unreadable: {path}")
            continue
        if sha256 != entry["sha256"] or size != entry["size"]:
            found.append(f"changed: {path}")
    return found


def main(arguments: list[str]) -> int:
    """Check one pack and print what was found."""
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    try:
        with zipfile.ZipFile(arguments[0]) as pack:
            files, digest = read_manifest(pack)
            faults = faults_of(pack, files)
    except (OSError, zipfile.BadZipFile, NoPack) as error:
        print(f"This is no evidence pack: {error}")
        return 2
    print(f"Manifest SHA-256: {digest}")
    if len(arguments) == 2 and arguments[1].strip().lower() != digest:
        faults.append("the manifest is not the one whose SHA-256 you gave")
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} differences: do not rely on this pack.")
        return 1
    print(f"All {len(files)} files are as the manifest says.")
    if len(arguments) == 1:
        print("Compare the manifest's SHA-256 with the one you were told by another way.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
