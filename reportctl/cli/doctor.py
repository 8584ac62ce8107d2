"""The command about the computer and the workspace as such: doctor."""

from __future__ import annotations

import typer

from reportctl.cli.arguments import FormatOption, ResultOption
from reportctl.cli.output import emit
from reportctl.cli.to_file import result_to_file
from reportctl.ledger.session import Session


@result_to_file()
def doctor(
    context: typer.Context,
    format_: FormatOption = "table",
    out: ResultOption = None,  # noqa: ARG001 - what is printed goes there
) -> int:
    from reportctl.doctor.checks import State, checks
    from reportctl.doctor.gather import gathered
    from reportctl.doctor.shown import checks_json, checks_table

    session: Session = context.obj
    found = checks(gathered(session, context.find_root().params["workspace"]))
    emit(checks_table(found, codes=format_ == "csv"), format_, lambda: checks_json(found))
    return int(any(check.state is State.PROBLEM for check in found))
