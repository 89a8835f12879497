"""Sending a return over the API: the same file, month and cut-off as on the page."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError
from commissioning.kernel.periods import Grain, Period
from commissioning.roles import Permission
from commissioning.views.requests import signed_in
from pathways.api.findings import findings_address
from pathways.forms.returns import usual_cut_off
from pathways.forms.uploading import is_over_limit
from pathways.models import Upload
from pathways.selectors.returns import address_of
from pathways.services.receiving import AlreadyReceived, TooLarge, WrongMonth, receive_upload
from providers.models import Provider


class SendSerializer(serializers.Serializer[Any]):
    """What is sent, as a form of several parts."""

    file = serializers.FileField(
        help_text="The CSV file of the return.",
        error_messages={"empty": "The file is empty.", "required": "Send the file of the return."},
    )
    month = serializers.CharField(help_text="The reporting month, as 2006-05.")
    cut_off = serializers.DateField(
        required=False,
        help_text="The last day the file knows about; left out, the last day of the month, or"
        " today while the month is not over.",
    )
    provider = serializers.SlugField(help_text="The provider's code.")

    def validate_month(self, written: str) -> Period:
        wrong = "Write the reporting month as 2006-05."
        try:
            period = Period.parse(written)
        except DomainError as refused:
            raise ValidationError(wrong) from refused
        if period.grain is not Grain.MONTH:
            raise ValidationError(wrong)
        return period


class SentSerializer(serializers.Serializer[Any]):
    """The return as which a file was received, and where it is shown."""

    number = serializers.IntegerField()
    state = serializers.CharField()
    month = serializers.CharField()
    cut_off = serializers.DateField()
    links = serializers.DictField(child=serializers.CharField())


class SendsReturns:
    """`POST` to the list of returns."""

    parser_classes: Sequence[type[BaseParser]] = [MultiPartParser]

    @extend_schema(
        summary="Send a return",
        description="201 with the number it is received as; it is checked by a job. The same file"
        " sent again for its month is a 409 that names the return as which it was received.",
        request={"multipart/form-data": SendSerializer},
        responses={201: SentSerializer, 409: SentSerializer},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        today = business_day()
        given = _given(request)
        provider = _provider(request, given["provider"])
        month: Period = given["month"]
        try:
            upload = receive_upload(
                stream=given["file"].file,
                filename=given["file"].name,
                month=month.start,
                cut_off=given.get("cut_off") or max(usual_cut_off(month, today), month.start),
                provider=provider,
                by=signed_in(request._request),
                today=today,
            )
        except TooLarge as refused:
            raise ValidationError({"file": [str(refused)]}) from refused
        except WrongMonth as refused:
            field = "month" if month.start > today else "cut_off"
            raise ValidationError({field: [str(refused)]}) from refused
        except AlreadyReceived as refused:
            told = _told(refused.upload, provider) | {"detail": str(refused)}
            return Response(told, status=status.HTTP_409_CONFLICT)
        told = _told(upload, provider)
        headers = {"Location": told["links"]["self"]}
        return Response(told, status=status.HTTP_201_CREATED, headers=headers)


def _given(request: Request) -> dict[str, Any]:
    asked = SendSerializer(data=request.data)
    problems = {} if asked.is_valid() else dict(asked.errors)
    if is_over_limit(request._request, "file"):
        problems["file"] = [str(TooLarge(settings.UPLOAD_LIMIT_BYTES))]
    if problems:
        raise ValidationError(problems)
    given: dict[str, Any] = asked.validated_data
    return given


def _provider(request: Request, code: str) -> Provider:
    """The provider of the code, if the person may read its returns: the service asks the rest."""
    reached = Provider.objects.permitted(signed_in(request._request), Permission.RETURN_VIEW)
    found = reached.select_related("organisation").filter(organisation__code=code).first()
    if found is None:
        raise ValidationError({"provider": ["There is no such provider among yours."]})
    return found


def _told(upload: Upload, provider: Provider) -> dict[str, Any]:
    page = address_of(upload, provider.code)
    return {
        "number": upload.number,
        "state": upload.state,
        "month": f"{upload.month:%Y-%m}",
        "cut_off": upload.cut_off.isoformat(),
        "links": {
            "self": f"/api/returns/{upload.number}/",
            "page": page,
            "findings": findings_address(upload.number),
        },
    }
