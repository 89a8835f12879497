"""The files of every round, their manifest, and the command that writes them."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from pathways.demonstration.calibration import BUSINESS_DAY, Calibration
from pathways.demonstration.england import england
from pathways.demonstration.geography import chosen_partnerships
from pathways.demonstration.returns import MANIFEST, write_returns, write_whole_system
from pathways.demonstration.rounds import NotGenerated, sendings
from tests.pathways.demonstration.reading import DAYS, day, read_episodes, read_rows

CLEAN = replace(Calibration(), rejected=0, questioned=0, no_consent=0)
MONTHS = ["2005-03", "2006-03", "2006-10", "2006-11", "2006-12", "2007-01"]


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """1,200 clients of four partnerships in two regions, without mistakes."""
    folder = tmp_path_factory.mktemp("sent")
    chosen = chosen_partnerships(["00EH", "00CJ", "00BN", "00BP"])
    manifest = write_returns(
        clients=1200, seed=1, folder=folder / "rounds", chosen=chosen, calibration=CLEAN
    )
    write_whole_system(
        clients=1200, seed=1, folder=folder / "whole", chosen=chosen, calibration=CLEAN
    )
    return folder, manifest


def test_the_rounds_are_yearly_and_then_monthly(sent):
    folder, manifest = sent
    months = Counter((one.reporting_month, one.is_monthly) for one in manifest.files)

    assert sorted({month for month, _ in months}) == MONTHS
    assert [month for month in MONTHS if months[month, True]] == MONTHS[3:]
    assert {path.name for path in (folder / "rounds").iterdir()} == {
        MANIFEST,
        *(one.file for one in manifest.files),
    }


def test_an_agency_is_in_one_file_a_round_and_the_manifest_says_which(sent):
    folder, manifest = sent
    seen = Counter()

    for one in manifest.files:
        rows = list(read_rows(folder / "rounds" / one.file))
        assert len(rows) == one.rows
        assert sorted({row["AGNCY"] for row in rows}) == one.agencies
        seen.update((one.reporting_month, agency) for agency in one.agencies)

    assert set(seen.values()) == {1}


def test_nothing_in_a_file_is_later_than_its_cut_off_but_an_offer(sent):
    folder, manifest = sent
    future_offers = 0

    for one in manifest.files:
        for row in read_rows(folder / "rounds" / one.file):
            for name in DAYS:
                if row[name] and day(row[name]) > date.fromisoformat(one.cut_off):
                    assert name == "FAOMODDT"
                    future_offers += 1

    assert future_offers > 0


def test_a_file_holds_what_is_open_or_ended_in_its_year(sent):
    folder, manifest = sent

    for one in manifest.files:
        month = date.fromisoformat(one.cut_off)
        april = date(month.year if month.month > 3 else month.year - 1, 4, 1)
        for row in read_rows(folder / "rounds" / one.file):
            assert not row["DISD"] or day(row["DISD"]) >= april


def test_the_last_round_agrees_with_the_whole_system_where_nothing_happened_since(sent):
    folder, manifest = sent
    whole, _, _ = read_episodes(folder / "whole" / "whole-system.csv", BUSINESS_DAY)
    compared = 0

    for one in manifest.files:
        if one.reporting_month != MONTHS[-1]:
            continue
        cut_off = date.fromisoformat(one.cut_off)
        episodes, refused, _ = read_episodes(folder / "rounds" / one.file, cut_off)
        assert refused == []
        for key, episode in episodes.items():
            now = whole[key]
            days = [m[name] for m in now.modalities for name in DAYS if m[name]]
            if days and max(days) <= cut_off:
                assert episode.modalities == now.modalities
                compared += 1

    assert compared > 200


def test_late_providers_miss_their_last_months_and_only_those(tmp_path):
    manifest = write_returns(clients=1500, seed=1, folder=tmp_path / "rounds")
    months_late = {one.code: one.months_late for one in england().providers}

    sent = {(one.sender, one.reporting_month) for one in manifest.files}

    assert manifest.late
    assert not sent & set(manifest.late)
    assert Counter(sender for sender, _ in manifest.late) == {
        code: late for code, late in months_late.items() if late
    }


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(tmp_path):
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        write_whole_system(clients=200, seed=seed, folder=tmp_path / name)

    one, two, other = (
        (tmp_path / name / "whole-system.csv").read_bytes() for name in ("one", "two", "other")
    )
    assert one == two != other


class TestSendings:
    def test_a_last_day_at_the_end_of_a_month_counts_that_month(self):
        rounds = sendings(years=[2006], until=date(2007, 1, 31))

        assert [one.reporting_month for one in rounds] == MONTHS[2:]

    def test_months_of_the_year_before_come_only_with_that_year(self):
        both = sendings(years=[2005, 2006], until=date(2006, 5, 15))
        one = sendings(years=[2006], until=date(2006, 5, 15))

        assert [each.reporting_month for each in both] == [
            "2006-01", "2006-02", "2006-03", "2006-04",
        ]  # fmt: skip
        assert [each.reporting_month for each in one] == ["2006-04"]
        assert one[0].opens == date(2006, 4, 1)

    @pytest.mark.parametrize(
        ("years", "until"),
        [([2003], BUSINESS_DAY), ([2006], date(2007, 4, 1)), ([2006], date(2006, 3, 1))],
    )
    def test_what_is_not_calibrated_is_refused(self, years, until):
        with pytest.raises(NotGenerated):
            sendings(years=years, until=until)


class TestCommand:
    def test_writes_the_files_of_the_chosen_partnerships_and_says_how_many(self, tmp_path, capsys):
        call_command(
            "demo_returns", "--clients=60", "--seed=3", f"--out={tmp_path / 'files'}",
            "--partnerships=00EH,09", "--years=FY2005..FY2006",
        )  # fmt: skip

        manifest = json.loads((tmp_path / "files" / MANIFEST).read_text())
        assert manifest["partnerships"] == ["00EH", "09"]
        assert {one["reporting_month"] for one in manifest["files"]} <= set(MONTHS[1:])
        assert "60 clients" in capsys.readouterr().out

    def test_left_to_itself_writes_partnerships_at_full_density(self, tmp_path):
        call_command(
            "demo_returns", "--one-file", f"--out={tmp_path / 'a'}", "--partnerships=00FP"
        )

        manifest = json.loads((tmp_path / "a" / MANIFEST).read_text())
        assert 80 < manifest["clients"] < 300
        assert [one["file"] for one in manifest["files"]] == ["whole-system.csv"]

    @pytest.mark.parametrize(
        ("wish", "refusal"),
        [
            ("--partnerships=XX", "No partnership has the code XX"),
            ("--years=FY2001", "Years go from FY2004 to FY2006"),
            ("--years=2005", "Write years as FY2005"),
            ("--clients=0", "at least one client"),
        ],
    )
    def test_refuses_what_it_cannot_write_in_a_sentence(self, tmp_path, wish, refusal):
        with pytest.raises(CommandError, match=refusal):
            call_command("demo_returns", wish, f"--out={tmp_path / 'files'}")

    def test_never_adds_to_a_folder_that_holds_something(self, tmp_path):
        (tmp_path / "kept.csv").touch()

        with pytest.raises(CommandError, match="is not empty"):
            call_command("demo_returns", "--clients=1", f"--out={tmp_path}")

        assert [path.name for path in tmp_path.iterdir()] == ["kept.csv"]
