"""What the ground floor's pages say and do, as an administrator or a lead meets them."""

import dataclasses
import datetime as dt
import email.message

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commissioning.models import Document, Heartbeat, Job, Organisation, RuleSet
from commissioning.reference import framework
from commissioning.rule_settings import DEFAULTS, InvalidRuleSettings, settings_by_group
from commissioning.scoping import System
from commissioning.services.jobs import sweep
from commissioning.services.notices import mark_read, tell
from commissioning.services.rule_sets import publish_rule_set
from commissioning.views.demonstration import letters
from tests.architecture.world import World
from tests.factories.commissioning import (
    NationFactory,
    OrganisationFactory,
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    return signed_in(client, administrator_of=NationFactory())


def day_fields(name, day):
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def body(answer):
    return answer.content.decode()


class TestFramework:
    def test_it_shows_every_item_and_setting_with_its_source(self, client):
        client.force_login(UserFactory())

        page = client.get("/framework/").context["tiers"]

        shown = [one.item.code for tier in page for one in tier.items]
        assert shown == [item.code for item in framework().items]
        assert all(tier.settings and tier.tier.competence.text for tier in page)


class TestOrganisations:
    def test_the_list_is_cut_by_region_and_kind_and_carries_a_file(self, client, administrator):
        region = RegionFactory()
        inside = PartnershipFactory(region=region).organisation
        PartnershipFactory()
        address = reverse("commissioning:organisation-list")

        page = client.get(address, {"region": region.code, "kind": "PARTNERSHIP"})
        file = client.get(address, {"region": region.code, "format": "csv"})

        assert [row.record.code for row in page.context["table"].rows] == [inside.code]
        lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
        assert len(lines) == 2
        assert inside.name in lines[1]

    def test_one_is_added_renamed_and_its_history_says_so(self, client, administrator):
        client.post(
            reverse("commissioning:organisation-add"),
            {"kind": "PCT", "code": "5ND", "name": "Durham PCT"},
        )
        added = Organisation.objects.get(code="5ND")
        kwargs = {"kind": "pct", "code": "5ND"}
        client.post(
            reverse("commissioning:organisation-rename", kwargs=kwargs),
            {"name": "County Durham PCT", **day_fields("on", dt.date(2006, 10, 1))},
        )

        page = body(client.get(reverse("commissioning:organisation-detail", kwargs=kwargs)))

        added.refresh_from_db()
        assert added.name == "County Durham PCT"
        assert "Organisation renamed" in page
        assert "Renamed from Durham PCT" in page

    def test_a_refusal_is_shown_on_the_form_and_keeps_what_was_entered(
        self, client, administrator
    ):
        taken = OrganisationFactory()

        answer = client.post(
            reverse("commissioning:organisation-add"),
            {"kind": "PCT", "code": taken.code, "name": "Second of its code"},
        )

        assert "There is already a primary care trust with the code" in body(answer)
        assert "Second of its code" in body(answer)

    def test_an_empty_form_names_what_is_missing(self, client, administrator):
        answer = client.post(reverse("commissioning:organisation-add"), {"x": "y"})

        assert answer.context["form"].errors["name"] == ["Enter the name"]
        assert answer.context["form"].errors["kind"] == ["Choose the kind"]


class TestRuleSets:
    def values(self, **changed):
        written = {
            name: setting.write(getattr(DEFAULTS, name))
            for settings in settings_by_group().values()
            for name, setting in settings.items()
        }
        given = {"reason": "Four weeks.", **day_fields("valid_from", dt.date(2007, 4, 1))}
        return written | given | changed

    def test_a_snapshot_is_published_and_says_what_it_changed(self, client, administrator):
        RuleSetFactory()

        answer = client.post(
            reverse("commissioning:rule-set-publish"),
            self.values(journey_join_days="28", exit_final_days="28"),
            follow=True,
        )

        assert answer.context["shown"].read().journey_join_days == 28
        assert [(one.before, one.after) for one in answer.context["changes"]] == [("20", "28")] * 2
        assert "Rule set published" in body(answer)

    def test_what_cannot_be_a_setting_is_said_beside_its_field(self, client, administrator):
        RuleSetFactory()

        answer = client.post(
            reverse("commissioning:rule-set-publish"), self.values(journey_join_days="many")
        )

        assert answer.context["form"].errors["journey_join_days"] == ["Give a whole number."]
        assert RuleSet.objects.count() == 1

    def test_publishing_nothing_new_is_refused(self, client, administrator):
        RuleSetFactory()

        answer = client.post(reverse("commissioning:rule-set-publish"), self.values())

        assert "Nothing differs" in body(answer)
        assert RuleSet.objects.count() == 1


class TestInbox:
    def test_one_is_told_of_a_cause_once_and_marks_only_ones_own(self, client):
        person, other = UserFactory(), UserFactory()
        words = {"sentence": "Return 17 is checked.", "link": "/", "cause": "upload:17"}

        told = tell(people=[person, other], **words), tell(people=[person], **words)
        client.force_login(person)
        page = client.get("/inbox/")
        mark_read(person=person)

        assert told == (2, 0)
        assert "1 notice, 1 unread" in body(page)
        assert other.notices.filter(read_at__isnull=True).count() == 1

    def test_naming_somebody_else_s_notice_marks_nothing(self, client):
        person, other = UserFactory(), UserFactory()
        tell(people=[other], sentence="So.", link="/", cause="one")
        client.force_login(person)

        client.post("/inbox/read/", {"notice": other.notices.get().pk})

        assert other.notices.get().read_at is None


class TestDocuments:
    @pytest.fixture
    def address(self, client):
        partnership = PartnershipFactory().organisation
        client.force_login(UserFactory(lead_of=partnership))
        kwargs = {"kind": "partnership", "code": partnership.code}
        return reverse("commissioning:document-add", kwargs=kwargs)

    def test_it_is_kept_and_handed_out_as_an_attachment(self, client, address):
        client.post(address, {"file": SimpleUploadedFile("plan.pdf", b"%PDF-1.4 words")})

        answer = client.get(
            reverse("commissioning:document-download", args=[Document.objects.get().pk])
        )

        assert b"".join(answer.streaming_content) == b"%PDF-1.4 words"
        assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("run.exe", b"MZ", "not of a kind that is kept"),
            ("page.html", b"<script>", "not of a kind that is kept"),
            ("plan.pdf", b"<html>", "not what its name says"),
            ("notes.txt", b"a\x00b", "not what its name says"),
            ("big.txt", b"a" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        ],
    )
    def test_what_may_not_be_kept_is_refused_in_a_sentence(
        self, client, address, name, content, sentence
    ):
        answer = client.post(address, {"file": SimpleUploadedFile(name, content)})

        assert sentence in body(answer)
        assert not Document.objects.exists()


class TestHealth:
    def test_live_asks_nothing_of_the_database(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert client.get("/livez").content == b"ok"

    def test_ready_once_the_sweeper_runs(self, client):
        before = client.get("/readyz")
        sweep()
        after = client.get("/readyz")

        assert (before.status_code, before.json()["sweeper"]) == (503, "has not run")
        assert (after.status_code, after.json()["ready"]) == (200, True)

    def test_not_ready_when_the_sweeper_stopped(self, client):
        sweep()
        Heartbeat.objects.update(at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=5))

        assert client.get("/readyz").status_code == 503

    def test_a_dead_broker_is_said_without_its_address(self, client, monkeypatch):
        sweep()

        def refuse(**_):
            raise OSError("redis://secret-host:6379")

        monkeypatch.setattr("commissioning.views.health.current_app.connection_for_write", refuse)

        answer = client.get("/readyz")

        assert answer.status_code == 503
        assert answer.json()["broker"] == "does not answer"
        assert "secret-host" not in body(answer)


class TestMail:
    def test_letters_are_shown_to_an_administrator_of_a_demonstration_only(
        self, client, administrator, settings, tmp_path
    ):
        letter = email.message.EmailMessage()
        letter["Subject"], letter["To"] = "You are invited", "new@example.org"
        letter.set_content("Choose a password: http://localhost/x/")
        (tmp_path / "20070215-1.log").write_text(f"{letter.as_string()}\n{'-' * 79}\n")
        settings.EMAIL_FILE_PATH, settings.DEMONSTRATION = tmp_path, True

        page = body(client.get("/demonstration/mail/"))
        client.force_login(UserFactory(lead_of=PartnershipFactory()))

        assert [one.subject for one in letters(tmp_path)] == ["You are invited"]
        assert 'href="http://localhost/x/"' in page
        assert client.get("/demonstration/mail/").status_code == 403


class TestJobs:
    def test_a_running_job_asks_again_and_one_that_is_over_does_not(self, client, administrator):
        job = World().job
        address = reverse("commissioning:job-progress", args=[job.pk])

        running = body(client.get(address))
        Job.objects.update(state="DONE")
        over = body(client.get(address))

        assert "hx-get" in running
        assert "hx-get" not in over


def test_settings_at_odds_with_each_other_are_never_kept():
    at_odds = dataclasses.replace(DEFAULTS, journey_join_days=28, exit_final_days=20)

    with pytest.raises(InvalidRuleSettings, match="exit_final_days"):
        publish_rule_set(
            settings=at_odds, valid_from=dt.date(2007, 4, 1), reason="So.", by=System("a test")
        )

    assert not RuleSet.objects.exists()
