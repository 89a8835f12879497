"""The frame of a page, and who may keep a copy of it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.urls import resolve

from commissioning import context
from commissioning.context import NAVIGATION, navigation, pages_of, shell
from commissioning.middleware import NeverCache
from commissioning.roles import Role
from tests.factories.commissioning import (
    MembershipFactory,
    PartnershipFactory,
    RegionFactory,
)


@pytest.mark.parametrize("words", [*NAVIGATION.values(), context.ADMINISTRATION])
def test_nobody_has_more_than_six_words_of_navigation(words):
    said = [one.words for one in words]

    assert len(said) <= 6
    assert all(" " not in word for word in said)


@pytest.mark.parametrize(
    ("kind", "word"),
    [(kind, one.address) for kind, words in context.PAGES.items() for one in words],
)
def test_every_word_about_an_organisation_leads_to_a_page(kind, word):
    base = "/england/" if kind == "NATION" else f"/{kind.lower()}/A1/"

    assert resolve(word.partition("?")[0] if word.startswith("/") else base + word)


def test_nobody_in_particular_has_no_navigation(rf):
    request = rf.get("/")
    request.user = AnonymousUser()

    assert navigation(request.user) == ()
    assert shell(request)["shell"].navigation == ()


def test_an_error_page_without_a_user_has_a_frame(rf):
    assert shell(rf.get("/"))["shell"].service_name == "Treatment commissioning"


class _Somebody:
    is_authenticated = True


def test_an_answer_to_somebody_may_not_be_kept(rf):
    request = rf.get("/")
    request.user = _Somebody()

    answer = NeverCache(lambda _: HttpResponse())(request)

    assert answer["Cache-Control"] == "no-store, private"


def test_an_answer_to_nobody_keeps_its_own_headers(rf):
    request = rf.get("/")
    request.user = AnonymousUser()

    assert "Cache-Control" not in NeverCache(lambda _: HttpResponse())(request)


@pytest.mark.django_db
def test_an_organisation_shows_its_pages_to_whoever_has_a_right_there():
    lead = MembershipFactory(role=Role.LEAD, organisation=PartnershipFactory().organisation)
    here, elsewhere = lead.organisation, PartnershipFactory().organisation

    found = pages_of(lead.user, f"/partnership/{here.code}/plan/FY2006/")

    assert [one.words for one in found][:2] == ["Overview", "Indicators"]
    own = [one for one in found if one.words != "Register"]
    assert all(one.href.startswith(f"/partnership/{here.code}/") for one in own)
    assert pages_of(lead.user, f"/partnership/{elsewhere.code}/") == ()
    assert pages_of(lead.user, "/framework/") == ()


@pytest.mark.django_db
def test_a_regions_reviewer_finds_the_pages_of_its_partnerships():
    region = RegionFactory()
    inside = PartnershipFactory(region=region)
    reviewer = MembershipFactory(role=Role.REVIEWER, organisation=region)

    words = [one.words for one in pages_of(reviewer.user, f"/partnership/{inside.code}/")]

    assert "Plans" in words
    assert "People" not in words
