"""The form every form of ours is: it says in a sentence what is missing."""

from typing import Any

from django import forms

from commissioning.list_filters import become_dropdown

OPTIONAL = " (optional)"


class SayingForm(forms.Form):
    """A field left empty is answered with its own name: “Enter the name”, “Choose the role”.

    Long lists to choose from are written quickly.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label = str(field.label or name.replace("_", " ")).removesuffix(OPTIONAL)
            verb = "Choose" if isinstance(field, forms.ChoiceField) else "Enter"
            thing = label if label.isupper() else label[0].lower() + label[1:]
            field.error_messages["required"] = f"{verb} the {thing}"
            become_dropdown(field)
