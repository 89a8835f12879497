"""Refusals as HTTP, in one place."""

from typing import Any

from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from commissioning.kernel.errors import DomainError, NotPermitted


def as_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """What one may not do is 403; a refusal that the state of things explains is 409."""
    if isinstance(error, NotPermitted):
        return Response({"detail": str(error)}, status=status.HTTP_403_FORBIDDEN)
    if isinstance(error, DomainError):
        return Response({"detail": str(error)}, status=status.HTTP_409_CONFLICT)
    return exception_handler(error, context)
