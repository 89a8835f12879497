"""Adding facts up to cells: areas, months, quarters and years, and the breakdowns of each."""

from collections.abc import Iterator

import pandas as pd

from benchmarks.plainly.facts import groups_of
from benchmarks.plainly.reading import Records
from benchmarks.plainly.waiting import months_of
from commissioning.rule_settings import RuleSettings

KEY = ["area_kind", "area_code", "grain", "place", "breakdown", "value"]
GRAINS = {"month": 1, "quarter": 2, "year": 3}
AREAS = {"partnership": "DAT", "provider": "provider", "region": "region", "england": "england"}
PRIORITY = {
    "pregnant": "pregnant",
    "criminal-justice": "criminal_justice",
    "stimulant": "stimulant",
}


def place_in_time(months: pd.Series, grain: str) -> pd.Series:
    """The first month of the period, counted through all time."""
    if grain == "quarter":
        return months // 3 * 3
    return (months - 3) // 12 * 12 + 3 if grain == "year" else months


def split_values(records: Records) -> pd.DataFrame:
    """Of each episode its areas, and its value of every breakdown but the intervention."""
    rules, held = records.rules, records.episodes
    found = held[["DAT", "provider", "region", "person"]].assign(england="england")
    found["sex"] = _named(held["SEX"], "unknown", {
        "male": rules.male_codes, "female": rules.female_codes,
    })  # fmt: skip
    found["age"] = _ages(held["age"], rules)
    found["ethnic"] = _named(held["ETHNIC"], "unknown", {
        name: getattr(rules, f"ethnic_{name}_codes")
        for name in ("white", "mixed", "asian", "black", "other")
    })  # fmt: skip
    found["referral"] = _named(held["RFLS"], "other", {
        "self": rules.referral_self_codes, "gp": rules.referral_gp_codes,
        "drug-service": rules.referral_drug_service_codes,
        "criminal-justice": rules.criminal_justice_referral_codes,
    })  # fmt: skip
    found["drug"] = _named(held["DRUG1"], "other", {
        "heroin": rules.heroin_codes, "opiates": rules.other_opiate_codes,
        "crack": rules.crack_codes, "cocaine": rules.cocaine_codes,
        "amphetamines": rules.amphetamine_codes, "benzos": rules.benzodiazepine_codes,
        "cannabis": rules.cannabis_codes,
    })  # fmt: skip
    groups = groups_of(held, rules)
    for code, name in PRIORITY.items():
        found[code] = groups[name]
    return found


def _named(codes: pd.Series, others: str, names: dict[str, tuple[str, ...]]) -> pd.Series:
    table = {code: name for name, held in names.items() for code in held}
    return codes.map(table).fillna(others)


def _ages(ages: pd.Series, rules: RuleSettings) -> pd.Series:
    found = pd.Series("young", index=ages.index)
    for name, (first, _last) in rules.age_bands.items():
        found[ages >= first] = name
    return found


def added_up(facts: pd.DataFrame, splits: pd.DataFrame) -> pd.DataFrame:
    """Every cell of an additive family."""
    counts = [
        name for name in facts.columns if name not in {"episode", "day", "kind", "upto", "length"}
    ]
    lines = facts.reset_index(drop=True)
    lines = pd.concat([lines, splits.reindex(lines["episode"]).reset_index(drop=True)], axis=1)
    lines["month"] = months_of(lines["day"])
    lines["kind"] = lines["kind"].astype(int).astype(str)
    return pd.concat(_cells(lines, counts), ignore_index=True)


def _cells(lines: pd.DataFrame, counts: list[str]) -> Iterator[pd.DataFrame]:
    how = {name: "max" if name.endswith("_longest") else "sum" for name in counts}
    for grain, rank in GRAINS.items():
        of_grain = lines[lines["upto"] >= rank]
        of_grain = of_grain.assign(place=place_in_time(of_grain["month"], grain))
        for kind, column in AREAS.items():
            for breakdown, value, chosen in breakdowns(of_grain, kind, grain):
                keys = [column, "place", *([value] if value in lines.columns else [])]
                cells = chosen.groupby(keys, observed=True)[counts].agg(how).reset_index()
                yield as_cells(cells, kind, column, grain, breakdown=breakdown, value=value)


def breakdowns(
    lines: pd.DataFrame, kind: str, grain: str
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Each breakdown that such areas and periods have: its code, the column of its values (or
    the value itself) and the lines that count in it."""
    yield "", "", lines
    if grain == "month":
        return
    yield "type", "kind", lines
    if kind == "provider":
        return
    for name in ("sex", "age", "ethnic", "referral", "drug"):
        yield name, name, lines
    for code in PRIORITY:
        yield "priority", f"={code}", lines[lines[code]]


def as_cells(
    cells: pd.DataFrame, kind: str, column: str, grain: str, *, breakdown: str, value: str
) -> pd.DataFrame:
    cells = cells.rename(columns={column: "area_code"})
    if value in cells.columns:
        cells = cells.rename(columns={value: "value"})
    else:
        cells["value"] = value.removeprefix("=")
    return cells.assign(area_kind=kind, grain=grain, breakdown=breakdown)


def distributions(facts: pd.DataFrame, splits: pd.DataFrame) -> pd.DataFrame:
    """How many waited how many days: a line a cell, turn and day."""
    first = facts["first_everyone_waits"] == 1
    waited = facts[first | (facts["subsequent_everyone_waits"] == 1)]
    plain = pd.DataFrame(
        {
            "episode": waited["episode"],
            "day": waited["day"],
            "kind": waited["kind"].astype(str),
            "length": waited["length"].astype(int),
            "turn": first[waited.index].map({True: "first", False: "subsequent"}),
            "everyone": 1,
            "voluntary": waited["first_voluntary_waits"] + waited["subsequent_voluntary_waits"],
        }
    ).reset_index(drop=True)
    areas = splits[list(AREAS.values())].reindex(plain["episode"]).reset_index(drop=True)
    lines = pd.concat([plain, areas], axis=1)
    lines["month"] = months_of(lines["day"])
    made = []
    for grain in GRAINS:
        of_grain = lines.assign(place=place_in_time(lines["month"], grain))
        for kind, column in AREAS.items():
            for breakdown in ("", "type") if grain != "month" else ("",):
                keys = [column, "place", "turn", "length", *(["kind"] if breakdown else [])]
                cells = of_grain.groupby(keys)[["everyone", "voluntary"]].sum().reset_index()
                made.append(
                    as_cells(
                        cells,
                        kind,
                        column,
                        grain,
                        breakdown=breakdown,
                        value="kind" * bool(breakdown),
                    )
                )
    return pd.concat(made, ignore_index=True)
