"""Taking a file from a browser without holding it in memory or letting it fill the disk."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

_OVER_LIMIT = "_fields_over_limit"


class LimitedUpload(TemporaryFileUploadHandler):
    """Writes a file through to disk until it is over the limit; the rest is read and dropped.

    The other fields of the form arrive all the same, so that what was typed can be shown again.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._taken += len(raw_data)
        if self._taken > settings.UPLOAD_LIMIT_BYTES:
            over: set[str] = self.request.__dict__.setdefault(_OVER_LIMIT, set())
            over.add(self.field_name or "")
            raise SkipFile
        super().receive_data_chunk(raw_data, start)


def is_over_limit(request: HttpRequest, field: str) -> bool:
    """Whether the file of a field was larger than is taken. Ask once the form has been read."""
    return field in getattr(request, _OVER_LIMIT, ())
