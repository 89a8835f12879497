"""Files of values separated by commas: what is said of one that is separated by something else."""

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}


def other_separator(line: str) -> str:
    """What separates the values of a first line without a comma, in words; else nothing."""
    if "," in line:
        return ""
    return next((name for sign, name in _SEPARATORS.items() if sign in line), "")


def separated_otherwise(name: str) -> str:
    return (
        f"The values are separated by {name}, not by commas. Save the file again as CSV separated"
        " by commas."
    )
