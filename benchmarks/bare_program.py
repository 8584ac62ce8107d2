"""A program of typer alone, with as many commands as reportctl has: how fast a command line can start."""

from __future__ import annotations

import typer

app = typer.Typer(add_completion=False)


def _command(number: int) -> None:
    def command(period: str = "", every: bool = False, out: str = "") -> None:
        """Do something."""

    command.__name__ = f"command{number}"
    app.command(help="Do something.")(command)


for _number in range(20):
    _command(_number)


@app.callback(invoke_without_command=True)
def start(version: bool = False) -> None:
    """Print the version."""
    if version:
        print("1.0")


if __name__ == "__main__":
    app()
