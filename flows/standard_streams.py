"""Standard output when its reader has left, as `head` does. It writes nothing."""

from __future__ import annotations

import os
import sys


def quiet_pipe() -> None:
    """Nothing more can be said to who reads us, not even by the interpreter at exit: what is left goes nowhere."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
