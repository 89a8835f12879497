"""The form every form of ours is: it says in a sentence what is missing."""

from typing import Any

from django import forms

from commissioning.forms.saying import say_in_words
from commissioning.list_filters import become_dropdown


class SayingForm(forms.Form):
    """What is left empty or cannot be taken is said in our own words: “Enter the name”.

    Long lists to choose from are written quickly.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            become_dropdown(field)

    def full_clean(self) -> None:
        """Read what was given; by now every field is there and has its label."""
        for name, field in self.fields.items():
            say_in_words(field, str(field.label or name.replace("_", " ")))
        super().full_clean()
