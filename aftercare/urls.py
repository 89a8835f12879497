"""Addresses of aftercare."""

from django.urls import URLPattern, path

from aftercare.views import booking, call_offs, links, partners

app_name = "aftercare"


def of(kind: str) -> list[URLPattern]:
    """Links and partner agencies of a partnership or a provider, under its own address."""
    within, words = f"{kind}/<slug:code>/partners/", {"kind": kind}
    one, agency = f"{within}<int:number>/", f"{within}agencies/<slug:slug>/"
    return [
        path(within, links.link_list, words, name=f"{kind}-partners"),
        path(f"{within}add/", links.link_add, words, name=f"{kind}-link-add"),
        path(f"{within}agencies/", partners.partner_list, words, name=f"{kind}-partner-list"),
        path(f"{within}agencies/add/", partners.partner_add, words, name=f"{kind}-partner-add"),
        path(agency, partners.partner_change, words, name=f"{kind}-partner-change"),
        path(f"{agency}end/", partners.partner_end, words, name=f"{kind}-partner-end"),
        path(one, links.link_detail, words, name=f"{kind}-link"),
        path(f"{one}change/", links.link_change, words, name=f"{kind}-link-change"),
        path(f"{one}confirm/", links.link_confirm, words, name=f"{kind}-link-confirm"),
        path(f"{one}end/", links.link_end, words, name=f"{kind}-link-end"),
    ]


CALL_OFFS: list[URLPattern] = [
    path("holds/<int:number>/call-off/", booking.hold_call_off, name="hold-call-off"),
    path(
        "holds/<int:number>/call-off/money/",
        booking.hold_call_off_money,
        name="hold-call-off-money",
    ),
    path("call-offs/<int:number>/", call_offs.call_off_record, name="call-off"),
    path("call-offs/<int:number>/end/", call_offs.call_off_end, name="call-off-end"),
]

urlpatterns = [
    *CALL_OFFS,
    *of("partnership"),
    *of("provider"),
    path("region/<slug:code>/partners/", links.missing_links, name="region-partners"),
    path("england/partners/", links.missing_links, name="england-partners"),
]
