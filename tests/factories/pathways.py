"""NDTMS files as an agency's system writes them."""

import datetime as dt
import io
from collections.abc import Iterable, Mapping

CORE = (  # the headers every return has
    *("FINITIAL", "SINITIAL", "DOB", "SEX", "AGNCY", "CLIENTID", "EPISODID", "CONSENT", "DAT"),
    *("REFLD", "TRIAGED", "RFLS", "DRUG1", "MODAL", "MODID", "REFMODDT", "FAOMODDT", "MODST"),
    *("MODEND", "DISD", "DISRSN", "CPLANDT"),
)

# A client who waited eight days for specialist prescribing and is still in treatment.
ORDINARY = {
    "FINITIAL": "J",
    "SINITIAL": "D",
    "DOB": "19760412",
    "SEX": "1",
    "AGNCY": "AG0001",
    "CLIENTID": "C1",
    "EPISODID": "E1",
    "CONSENT": "Y",
    "DAT": "00EH",
    "REFLD": "20060502",
    "TRIAGED": "20060504",
    "RFLS": "4",
    "DRUG1": "1011",
    "MODAL": "2",
    "MODID": "M1",
    "REFMODDT": "20060504",
    "FAOMODDT": "20060512",
    "MODST": "20060512",
    "MODEND": "",
    "DISD": "",
    "DISRSN": "",
    "CPLANDT": "20060512",
}


def row(**values: str) -> dict[str, str]:
    """The ordinary row with some values of its own, by header."""
    return {**ORDINARY, **values}


def clients(count: int, **values: str) -> list[dict[str, str]]:
    """So many different people, C1 onwards, each with one ordinary row."""
    born = dt.date(1976, 4, 12)
    return [
        row(
            **{
                "CLIENTID": f"C{n}",
                "FINITIAL": chr(ord("J") + n // 130_000),  # when the rest comes round again
                "SINITIAL": chr(ord("A") + n % 26),
                "DOB": f"{born + dt.timedelta(days=n % 10000):%Y%m%d}",
                **values,
            }
        )
        for n in range(1, count + 1)
    ]


def ndtms_text(rows: Iterable[Mapping[str, str]], *, headers: Iterable[str] | None = None) -> str:
    """The rows as an NDTMS file: every value in double quotes, one header row.

    Headers beyond the core are those the rows name, unless `headers` says which and in what order.
    """
    rows = list(rows)
    names = list(headers or dict.fromkeys([*CORE, *(name for one in rows for name in one)]))
    lines = [names, *([one.get(name, "") for name in names] for one in rows)]
    return "".join(
        ",".join('"' + value.replace('"', '""') + '"' for value in line) + "\n" for line in lines
    )


def ndtms_file(
    rows: Iterable[Mapping[str, str]],
    *,
    headers: Iterable[str] | None = None,
    encoding: str = "utf-8",
) -> io.BytesIO:
    """The same as bytes, ready to be sent."""
    return io.BytesIO(ndtms_text(rows, headers=headers).encode(encoding))
