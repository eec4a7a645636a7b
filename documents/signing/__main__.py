"""Checks the seal of the PDF on standard input, in a process that may use very little."""

import os
import sys

from documents.renderer.limits import leave_network, limit_child

if __name__ == "__main__":
    leave_network()
    limit_child(os.getppid())
    # Only here: from its first line on, what reads a stranger's file is limited.
    from documents.signing.checking import check_seal

    sys.stdout.write(check_seal(sys.stdin.buffer.read()).as_json())
