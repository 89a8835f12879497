"""Why a file as a whole is refused: each with its code and one sentence that says what to do."""

from dataclasses import dataclass

from commissioning.kernel.errors import DomainError


class FileRefused(DomainError):
    """The file cannot be read as a return. Nothing of it is kept but the sentence."""

    def __init__(
        self, code: str, sentence: str, *, row: int | None = None, field: str = ""
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.row = row
        self.field = field


class NamesAnotherAgency(FileRefused):
    """The file holds rows of an agency that is not the sender's."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One way a file is refused, for the list of checks: what it says and what to look at."""

    code: str
    sentence: str
    example: str


REASONS: dict[str, Reason] = {
    reason.code: reason
    for reason in (
        Reason(code="F01", sentence="The file is empty.", example="0 bytes"),
        Reason(
            code="F02",
            sentence="The file is larger than the limit.",
            example="240 MB where 200 MB is the limit",
        ),
        Reason(
            code="F03",
            sentence="The file is not a CSV file.",
            example="a spreadsheet, a zip archive or a PDF renamed to return.csv",
        ),
        Reason(
            code="F04",
            sentence="The text of the file is not in UTF-8.",
            example="a file saved as “Unicode text” or in a Windows code page",
        ),
        Reason(code="F05", sentence="The file holds a NUL byte.", example="a damaged export"),
        Reason(
            code="F06",
            sentence="The values are not separated by commas.",
            example="FINITIAL;SINITIAL;DOB",
        ),
        Reason(code="F07", sentence="A header is not a field of NDTMS.", example="FORENAME"),
        Reason(code="F08", sentence="A header is there more than once.", example="DOB, DOB"),
        Reason(
            code="F09", sentence="A field that every return needs is missing.", example="no DISD"
        ),
        Reason(
            code="F10",
            sentence="A quotation mark is opened and not closed.",
            example='"AG0001,"C17"',
        ),
        Reason(
            code="F11",
            sentence="A value or a line is too long to be a return's.",
            example="a value of 200,000 characters",
        ),
        Reason(code="F12", sentence="The file holds no rows.", example="only the header"),
        Reason(
            code="F13",
            sentence="An agency code is not known, or is not yours.",
            example="AGNCY X9999",
        ),
        Reason(
            code="F14",
            sentence="Client numbers look like NHS numbers, which are never held.",
            example="CLIENTID of ten digits that pass the NHS check digit",
        ),
        Reason(
            code="F15",
            sentence="A newer month of the agency is loaded already.",
            example="April sent after May",
        ),
    )
}
