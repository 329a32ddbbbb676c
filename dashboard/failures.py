"""Errors on their way to a reader: one place turns them into words; no stack trace leaves it."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from typing import Any

from dash import ctx, set_props
from flask import Response
from werkzeug.exceptions import HTTPException

from dashboard.base import ids
from dashboard.base.states import message_panel
from simulation.errors import DriftscapeError, MalformedRunId, UnknownCollection, UnknownRun

log = logging.getLogger("driftscape")

_PAGE = "_pages_content"


@dataclass(frozen=True)
class Failure:
    """What a reader is told: what happened, and what to do about it."""

    title: str
    remedy: str


def report(error: Exception) -> Failure:
    """Log `error` and put it into words. An unexpected one gets an id that the log shows too."""
    if isinstance(error, DriftscapeError):
        log.warning("%s", error)
        return Failure(error.message, error.remedy)
    incident = uuid.uuid4().hex[:8]
    log.error("incident %s", incident, exc_info=error)
    return Failure(
        "Something went wrong on the server.",
        f"Try again; if it stays, report it with the id {incident}, which its log shows.",
    )


def on_callback_error(error: Exception) -> Any:
    """Dash's handler: a failing page becomes a message, other callbacks notify."""
    failure = report(error)
    if any(item["id"] == _PAGE for item in _outputs()):
        return message_panel(failure.title, remedy=failure.remedy), {"title": "Driftscape"}
    notification = {
        "action": "show",
        "title": failure.title,
        "message": failure.remedy,
        "color": "red",
        "autoClose": False,
    }
    set_props(ids.NOTIFICATIONS, {"sendNotifications": [notification]})
    return None


def _outputs() -> list[dict[str, Any]]:
    listed = ctx.outputs_list
    return listed if isinstance(listed, list) else [listed] if listed else []


def render_failure(error: Exception) -> Response | HTTPException:
    """Flask's handler: plain words instead of the server's own error page."""
    if isinstance(error, HTTPException):
        return error
    failure = report(error)
    unknown = UnknownRun | UnknownCollection | MalformedRunId
    status = 404 if isinstance(error, unknown) else 500
    return Response(f"{failure.title} {failure.remedy}\n", status, mimetype="text/plain")
