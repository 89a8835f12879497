"""The reference by which a commissioner or a provider knows somebody."""

from typing import Any

from django import forms

from providers.rules.cases import reads_like_a_name

MOST_LETTERS = 40


class CaseField(forms.CharField):
    """A case's reference; what reads like a name is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_LETTERS, **kwargs)

    def clean(self, value: Any) -> str:
        case: str = super().clean(value)
        if reads_like_a_name(case):
            raise forms.ValidationError(
                "This reads like a name. Enter a reference, such as C-104: everybody who sees the"
                " place sees it."
            )
        return case
