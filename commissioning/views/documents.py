"""Documents, handed out only to those who may view what they belong to."""

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from commissioning.models import Document
from commissioning.roles import Permission
from commissioning.views.requests import signed_in


@require_safe
def document_download(request: HttpRequest, number: int) -> FileResponse:
    """A document, for those who may view the organisation's documents."""
    document = get_object_or_404(
        Document.objects.permitted(signed_in(request), Permission.DOCUMENT_VIEW), pk=number
    )
    return handed_out(document)


def handed_out(document: Document) -> FileResponse:
    """The file, always as an attachment: nothing that people sent is shown by a browser."""
    return FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.name,
        content_type="application/octet-stream",
    )
