"""
Runs a command that cannot outlive the host: `python -I -S leash.py HOST_PID COMMAND…`. The kernel kills it when the host dies, even by SIGKILL.

A process of its own rather than a hook between fork and exec, which is unsafe beside the MQTT client's threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """
    Ask for SIGKILL at the parent's death, make sure that it still lives, and become the command.
    """
    host, *command = sys.argv[1:]
    if ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        sys.exit("this kernel cannot tie a process to its parent")
    if os.getppid() != int(host):
        sys.exit("the host has gone")
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
