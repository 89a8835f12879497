"""The form of a part of a plan: it knows which state of the plan it was opened on."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from commissioning.forms.base import SayingForm


class RevisedForm(SayingForm):
    """`revision` is the plan's as the person saw it; `overtaken` when somebody saved since."""

    overtaken = False
    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "Open the page again: it does not say what it was opened on."},
    )

    def __init__(self, *args: Any, revision: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = revision
        self.fields["revision"].error_messages["required"] = (
            "Open the page again: it does not say what it was opened on."
        )
        self.order_fields([*(name for name in self.fields if name != "revision"), "revision"])

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, without a stub
        for error in self.errors.get("revision", []):  # no field shows the error of a hidden one
            self.add_error(None, str(error))

    @property
    def seen(self) -> int:
        """The revision the person saw."""
        return cast(int, self.cleaned_data["revision"])

    def overtake(self, revision: int) -> None:
        """Keep what was typed, to be saved over what the plan says now."""
        self.overtaken = True
        data = cast(QueryDict, self.data).copy()
        data["revision"] = str(revision)
        self.data = data
