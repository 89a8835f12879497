"""The frame of a page, and who may keep a copy of it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from commissioning import context
from commissioning.context import NAVIGATION, navigation, shell
from commissioning.middleware import NeverCache


@pytest.mark.parametrize("words", [*NAVIGATION.values(), context.ADMINISTRATION])
def test_nobody_has_more_than_six_words_of_navigation(words):
    said = [one.words for one in words]

    assert len(said) <= 6
    assert all(" " not in word for word in said)


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
