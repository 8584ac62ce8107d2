"""A terminal in which a program is run, as a person sits at it: what is shown, what is typed."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

from tests.making.machine import ROOT

_PATIENCE = 60.0  # seconds for what is to be shown next


def _take_terminal() -> None:
    """Make standard input the terminal that the process is controlled from."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """The program, run with `arguments` in the folder `where`, in a terminal of so many `columns`."""

    def __init__(self, where: Path, *arguments: object, columns: int = 80, **environment: str) -> None:
        self._main, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        # What is typed is not shown again among what the program says.
        attributes = termios.tcgetattr(child)
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(child, termios.TCSANOW, attributes)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "reportctl", *map(str, arguments)],
            cwd=where, stdin=child, stdout=child, stderr=child, start_new_session=True,
            preexec_fn=_take_terminal,  # else control-C would be a letter
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", **environment},
        )  # fmt: skip
        os.close(child)
        self._letters = codecs.getincrementaldecoder("utf-8")(errors="replace")  # one may come in two parts
        self.shown = ""
        self._seen = 0

    def wait_for(self, words: str) -> None:
        """Wait until `words` are shown, behind those that were waited for before."""
        end = time.monotonic() + _PATIENCE
        while words not in self.shown[self._seen :]:
            if not self._read(end - time.monotonic()):
                self._leave()
                raise AssertionError(f"never shown: {words!r}, but\n{self.shown}")
        self._seen = self.shown.index(words, self._seen) + len(words)

    def type(self, words: str) -> None:
        """Type a line."""
        os.write(self._main, f"{words}\n".encode())

    def answer(self, *dialogue: tuple[str, str]) -> None:
        """Wait for each of the words and type the line behind them."""
        for words, typed in dialogue:
            self.wait_for(words)
            self.type(typed)

    def press(self, key: str) -> None:
        """Press a key, such as control-C ("\\x03") or control-D ("\\x04")."""
        os.write(self._main, key.encode())

    def end(self) -> int:
        """Wait for the end of the program and give its exit code."""
        end = time.monotonic() + _PATIENCE
        while self._read(end - time.monotonic()):
            pass
        try:
            return self._process.wait(max(1.0, end - time.monotonic()))
        finally:
            self._leave()

    def _leave(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._main)

    def _read(self, seconds: float) -> bool:
        """Take what is shown next; whether there was anything."""
        ready, _writable, _broken = select.select([self._main], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            data = os.read(self._main, 65536)
        except OSError:  # the program has closed its side
            return False
        self.shown += self._letters.decode(data).replace("\r\n", "\n")
        return bool(data)
