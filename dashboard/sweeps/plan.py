"""How a sweep was made: its plan as it was written, and the command that makes it again."""

from __future__ import annotations

from dash import html

from simulation.sweeps import Plan, plan_names, read_plan


def plan_details(plan: Plan) -> html.Details:
    """The command and the plan, to be unfolded."""
    source = next((name for name in plan_names() if read_plan(name).text == plan.text), "")
    how = (
        "The plan comes with this software. To run it again, or go on where it stopped:"
        if source
        else "To run it again, keep the plan below in a file, PLAN.toml here, and run:"
    )
    command = f"python -m simulation sweep {source or 'PLAN.toml'} --archive FOLDER"
    return html.Details(
        [
            html.Summary("The plan, and how to run it again"),
            html.P(how, className="quiet"),
            html.Pre(html.Code(command)),
            html.Pre(html.Code(plan.text)),
        ],
        className="sweep-plan",
    )
