"""A guard against NHS numbers given as client numbers: they are never to be held."""

from collections.abc import Sequence

from pathways.ndtms.refusals import FileRefused

_DIGITS = 10
_WEIGHTS = range(10, 1, -1)
_ENOUGH = 10


class NhsNumberWatch:
    """Counts client numbers of ten digits, and those of them that pass the NHS check digit.

    One random number in eleven passes, so only a file in which most do is refused.
    """

    def __init__(self) -> None:
        self.of_ten_digits = 0
        self.passing = 0
        self._last = ""

    def note(self, client_refs: Sequence[str]) -> None:
        if _DIGITS not in map(len, client_refs):
            return
        for client_ref in client_refs:
            if len(client_ref) == _DIGITS and client_ref != self._last and client_ref.isdecimal():
                self._last = client_ref
                self.of_ten_digits += 1
                self.passing += passes_check_digit(client_ref)

    def refuse_if_likely(self) -> None:
        """Raise `FileRefused` when most client numbers can only be NHS numbers."""
        if self.passing >= _ENOUGH and 2 * self.passing > self.of_ten_digits:
            raise FileRefused(
                "F14",
                "CLIENTID holds what look like NHS numbers, which are never sent or held. Give"
                " each client the agency's own number and send the file again.",
                field="CLIENTID",
            )


def passes_check_digit(number: str) -> bool:
    """Whether ten digits end in the check digit of an NHS number (modulus 11)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:9], strict=True))
    return (11 - total % 11) % 11 == int(number[9])
