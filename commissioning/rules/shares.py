"""What of a joint plan is each member's: parts of pounds that add up to the penny."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

from commissioning.kernel.money import ZERO, shared
from commissioning.rules.costs import HUNDRED

STEP = Decimal("0.001")  # to which shares are kept, in per cent


def parts_of_member(
    taken: Iterable[tuple[int, str, Decimal]], shares: Mapping[int, Decimal], member: int
) -> dict[int, dict[str, Decimal]]:
    """What of lines is a member's, by line and stream; `taken` is (line, stream, pounds).

    What the lines take from a stream together is shared among the members to the penny; a
    member's part of it is spread over the lines as they take, and adds up to it again.
    """
    by_stream: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for line, stream, amount in taken:
        if amount:
            by_stream[stream][line] = amount
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for stream, of_lines in by_stream.items():
        mine = member_part(sum(of_lines.values(), ZERO), shares, member)
        for line, part in zip(of_lines, shared(mine, list(of_lines.values())), strict=True):
            found[line][stream] = part
    return dict(found)


def member_part(amount: Decimal, shares: Mapping[int, Decimal], member: int) -> Decimal:
    """A member's part of an amount. Pennies left over go to the same members, whoever asks."""
    return part_of_each(amount, shares)[member]


def part_of_each(amount: Decimal, shares: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """The parts of all members, which add up to the amount."""
    members = sorted(shares)
    if not amount:
        return dict.fromkeys(members, ZERO)
    return dict(zip(members, shared(amount, [shares[one] for one in members]), strict=True))


def shares_by_need(needs: Sequence[int]) -> list[Decimal]:
    """Per cents in proportion to numbers of people, to a thousandth, that make 100 exactly.

    Raises `ValueError` when nobody needs anything.
    """
    total = sum(needs)
    if not total:
        raise ValueError("Nothing to share by.")
    exact = [HUNDRED * need / total for need in needs]
    parts = [one.quantize(STEP, ROUND_DOWN) for one in exact]
    left = int((HUNDRED - sum(parts, Decimal(0))) / STEP)
    by_remainder = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in by_remainder[:left]:
        parts[at] += STEP
    return parts
