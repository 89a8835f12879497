"""What each record counts as: a line a fact, with its day, its episode and a column a count."""

import pandas as pd

from benchmarks.plainly.journeys import Courses
from benchmarks.plainly.reading import Records
from commissioning.rule_settings import RuleSettings

GROUPS = ("voluntary", "everyone", "pregnant", "criminal_justice", "stimulant")
LEFT_OUT = ("prison", "young", "alcohol")


def groups_of(episodes: pd.DataFrame, rules: RuleSettings) -> dict[str, pd.Series]:
    """Who of the episodes is in each group of waits."""
    justice = episodes["RFLS"].isin(rules.criminal_justice_referral_codes)
    return {
        "voluntary": ~justice,
        "everyone": pd.Series(data=True, index=episodes.index),
        "pregnant": episodes["PREGNANT"].isin(rules.pregnant_codes),
        "criminal_justice": justice,
        "stimulant": episodes["DRUG1"].isin(rules.stimulant_drug_codes),
    }


def finished(facts: pd.DataFrame, records: Records) -> pd.DataFrame:
    """Counts of those left out are noughts but for the reason they are left out."""
    reason = records.episodes["left_out"].reindex(facts["episode"]).to_numpy()
    keys = {"episode", "day", "kind", "upto", "length"}
    for name in set(facts.columns) - keys:
        facts[name] = facts[name].where(reason == "", 0)
    for one in LEFT_OUT:
        facts[f"left_out_{one}"] = (reason == one).astype(int)
    return facts


def waits(records: Records, found: Courses) -> pd.DataFrame:
    rules, begun = records.rules, found.begun
    days = begun["offered"] - begun["asked"]
    facts = pd.DataFrame({"episode": begun["episode"], "day": begun["started"]})
    facts["kind"], facts["upto"], facts["length"] = begun["kind"], 3, days
    members = groups_of(records.episodes, rules)
    for turn, is_turn in (("first", begun["is_first"]), ("subsequent", ~begun["is_first"])):
        for group in GROUPS:
            target = getattr(
                rules,
                f"{group}_target_days" if group not in GROUPS[:2] else "wait_target_days",
            )
            here = is_turn & members[group].reindex(begun["episode"]).to_numpy()
            name, good = f"{turn}_{group}", here & (days >= 0)
            facts[f"{name}_waits"] = good.astype(int)
            facts[f"{name}_within"] = (good & (days <= target)).astype(int)
            facts[f"{name}_negative"] = (here & (days < 0)).astype(int)
            facts[f"{name}_missing"] = (here & days.isna()).astype(int)
            if group in GROUPS[:2]:
                facts[f"{name}_long"] = (good & (days >= rules.long_wait_days)).astype(int)
                facts[f"{name}_days"] = days.where(good, 0).astype(int)
                facts[f"{name}_longest"] = facts[f"{name}_days"]
    return finished(facts, records)


def journeys(records: Records, found: Courses) -> pd.DataFrame:
    rules, until = records.rules, records.until
    held = found.journeys
    known = held["began"] + rules.retention_days <= until
    lasted = held["ended"].isna() | (held["ended"] - held["began"] >= rules.retention_days)
    planned = held["reason"].isin(rules.planned_exit_codes_2006)  # all end before 2009
    facts = pd.DataFrame(
        {
            "episode": held["episode"],
            "day": held["began"],
            "kind": held["kind"],
            "journeys": 1,
            "known": known.astype(int),
            "not_yet_known": (~known).astype(int),
            "retained": (known & lasted).astype(int),
            "effective": (known & (lasted | planned)).astype(int),
        }
    )
    return finished(_with_left_out(facts, found, "TRIAGED"), records)


def exits(records: Records, found: Courses) -> pd.DataFrame:
    rules, until = records.rules, records.until
    held = found.journeys[found.journeys["ended"].notna()]
    missing, none = held["reason"] == "", held["reason"].isin(rules.left_out_exit_codes)
    counted = ~missing & ~none

    def among(codes: tuple[str, ...]) -> pd.Series:
        return (counted & held["reason"].isin(codes)).astype(int)

    facts = pd.DataFrame(
        {
            "episode": held["episode"],
            "day": held["ended"],
            "kind": held["kind"],
            "exits": 1,
            "provisional": (counted & (held["ended"] + rules.exit_final_days > until)).astype(int),
            "reason_missing": missing.astype(int),
            "reason_left_out": none.astype(int),
            "counted": counted.astype(int),
            "planned_2006": among(rules.planned_exit_codes_2006),
            "planned_2009": among(rules.planned_exit_codes_2009),
            "transfers_2009": among(rules.transfer_exit_codes_2009),
        }
    )
    return finished(_with_left_out(facts, found, "DISD"), records)


def _with_left_out(facts: pd.DataFrame, found: Courses, day: str) -> pd.DataFrame:
    """Beside journeys the episodes of which none are made."""
    others = found.episodes[(found.episodes["left_out"] != "") & found.episodes[day].notna()]
    beside = pd.DataFrame({"episode": others.index, "day": others[day], "kind": others["kind"]})
    return pd.concat([facts, beside], ignore_index=True).fillna(0).assign(upto=3)


def episodes(records: Records, found: Courses) -> pd.DataFrame:
    rules, held = records.rules, found.episodes
    allowed = held["first"] + rules.care_plan_allowance_days
    source = held["RFLS"]
    starts = pd.DataFrame(
        {
            "episode": held.index,
            "day": held["first"],
            "kind": held["kind"],
            "begun": 1,
            "care_planned": (held["CPLANDT"] <= allowed).astype(int),
            "begun_self": source.isin(rules.referral_self_codes).astype(int),
            "begun_gp": source.isin(rules.referral_gp_codes).astype(int),
            "begun_drug_service": source.isin(rules.referral_drug_service_codes).astype(int),
            "begun_criminal_justice": source.isin(rules.criminal_justice_referral_codes).astype(
                int
            ),
        }
    )
    gone = held[held["DISD"].notna()]
    reason, tier4 = gone["DISRSN"], gone["tier4"]
    missing, none = reason == "", reason.isin(rules.left_out_exit_codes)
    given = tier4 & ~missing & ~none
    ends = pd.DataFrame(
        {
            "episode": gone.index,
            "day": gone["DISD"],
            "kind": gone["kind"],
            "discharged": 1,
            "discharged_retained": (gone["DISD"] - gone["TRIAGED"] >= rules.retention_days).astype(
                int
            ),
            "tier4_discharged": given.astype(int),
            "tier4_planned": (given & reason.isin(rules.planned_exit_codes_2006)).astype(int),
            "tier4_reason_missing": (tier4 & missing).astype(int),
            "tier4_reason_left_out": (tier4 & none).astype(int),
        }
    )
    facts = pd.concat([starts, ends], ignore_index=True).fillna(0).assign(upto=3)
    return finished(facts, records)
