"""Addresses of providers."""

from django.urls import URLPattern, path

from commissioning.charts import in_both_forms
from providers.views import agencies
from providers.views.activity import lists as activity
from providers.views.activity import record as activity_record
from providers.views.calling_off import deeds as call_off_deeds
from providers.views.calling_off import lists as call_off_lists
from providers.views.calling_off import longer
from providers.views.contracts import dates as contract_dates
from providers.views.contracts import deeds as contract_deeds
from providers.views.contracts import lists as contract_lists
from providers.views.contracts import money as contract_money
from providers.views.contracts import performing as contract_performing
from providers.views.contracts import record as contract_record
from providers.views.contracts import varying as contract_varying
from providers.views.contracts import writing as contract_writing
from providers.views.contracts.varying_money import contract_variation_money
from providers.views.places import board, vacancies
from providers.views.places import deeds as place_deeds
from providers.views.places import record as place_record
from providers.views.places.confirm import board_confirm
from providers.views.places.freshness import freshness
from providers.views.primary_care import deeds as primary_care_deeds
from providers.views.primary_care import pages as primary_care
from providers.views.quality import deeds as quality
from providers.views.quality import preferred, preferred_deeds
from providers.views.register import delivery_deeds, service_deeds
from providers.views.register import search as register_search
from providers.views.register import services as register_services
from providers.views.register import sites as register_sites
from providers.views.utilisation import market as market_use
from providers.views.utilisation.contract import (
    contract_utilisation,
    contract_utilisation_svg,
)
from providers.views.utilisation.provider import (
    provider_fixed_costs,
    provider_utilisation,
    provider_utilisation_svg,
)
from providers.views.vacancies import search as vacancy_search
from providers.views.vacancies.hold import vacancy_hold

app_name = "providers"

WITHIN = "provider/<slug:code>/agencies/"
# Tier 1 and Tier 2 work: a provider's quarters, and what was counted in a partnership.
_QUARTER = "provider/<slug:code>/activity/<slug:quarter>/<slug:service>/"
ACTIVITY: list[URLPattern] = [
    path("provider/<slug:code>/activity/", activity.activity_list, name="activity-list"),
    path(_QUARTER, activity_record.activity_quarter, name="activity-quarter"),
    path(f"{_QUARTER}fill-in/", activity_record.activity_fill, name="activity-fill"),
    path(f"{_QUARTER}check/", activity_record.activity_check, name="activity-check"),
    path(f"{_QUARTER}discard/", activity_record.activity_discard, name="activity-discard"),
    path("partnership/<slug:code>/activity/", activity.area_activity, name="area-activity"),
    path(
        "partnership/<slug:code>/activity/against-plan/",
        activity.area_planned,
        name="area-activity-planned",
    ),
]

# A provider's quality; the page that shows it stands with what its returns say, in reporting.
_QUALITY = "provider/<slug:code>/quality/"
QUALITY: list[URLPattern] = [
    path(f"{_QUALITY}staff/", quality.quality_staff, name="quality-staff"),
    path(f"{_QUALITY}competence/", quality.quality_competence, name="quality-competence"),
    path(f"{_QUALITY}records/add/", quality.quality_record_add, name="quality-record-add"),
    path(f"{_QUALITY}records/<int:number>/", quality.quality_record, name="quality-record"),
    path(
        f"{_QUALITY}requirements/<slug:slug>/",
        quality.quality_requirement,
        name="quality-requirement",
    ),
    path(f"{_QUALITY}documents/<int:number>/", quality.quality_document, name="quality-document"),
]


def _preferred(kind: str) -> list[URLPattern]:
    """Lists of preferred providers of a partnership or a region."""
    within, of, name = f"{kind}/<slug:code>/preferred/", {"kind": kind}, f"{kind}-preferred"
    one = f"{within}<slug:slug>/<int:number>/"
    return [
        path(within, preferred.preferred_list, of, name=f"{name}-list"),
        path(f"{within}add/", preferred_deeds.list_add, of, name=f"{name}-list-add"),
        path(f"{within}<slug:slug>/add/", preferred_deeds.preferred_add, of, name=f"{name}-add"),
        path(f"{within}<slug:slug>/end/", preferred_deeds.list_end, of, name=f"{name}-list-end"),
        path(one, preferred.preferred_record, of, name=f"{name}-record"),
        path(f"{one}review/", preferred_deeds.preferred_review, of, name=f"{name}-review"),
        path(f"{one}remove/", preferred_deeds.preferred_remove, of, name=f"{name}-remove"),
    ]


_PLACE = "provider/<slug:code>/places/<int:number>/"
_SERVICE = "provider/<slug:code>/places/of/<slug:service>/"
# Boards: places tonight, what is said of them, and how fresh that is.
PLACES: list[URLPattern] = [
    path("provider/<slug:code>/places/", board.board, name="board"),
    path("provider/<slug:code>/places/open/", place_record.place_open, name="place-open"),
    path(
        "provider/<slug:code>/places/no-change/",
        board.no_change_all,
        name="board-no-change-all",
    ),
    path(f"{_SERVICE}no-change/", board.no_change, name="board-no-change"),
    path(f"{_SERVICE}occupied/", board.occupied, name="board-occupied"),
    path(f"{_SERVICE}vacancies/", vacancies.vacancies, name="board-vacancies"),
    *in_both_forms(
        f"{_SERVICE}vacancies/<slug:kind>", vacancies.vacancies_chart, "board-vacancies"
    ),
    path(f"{_SERVICE}<slug:kind>/", board.board_kind, name="board-kind"),
    path(_PLACE, place_record.place_detail, name="place-detail"),
    path(
        f"{_PLACE}events/<int:event>/correct/",
        place_deeds.event_correct,
        name="place-event-correct",
    ),
    path(f"{_PLACE}<slug:deed>/", place_deeds.place_deed, name="place-deed"),
    path("places/confirm/<str:secret>/", board_confirm, name="board-confirm"),
    path("england/freshness/", freshness, name="england-freshness"),
    path("region/<slug:code>/freshness/", freshness, name="region-freshness"),
]

# The register: what every provider offers, open to whoever is signed in.
_SERVICE = "provider/<slug:code>/services/<slug:slug>/"
_DELIVERY = f"{_SERVICE}interventions/<slug:intervention>/<slug:setting>/"
_SITE = "provider/<slug:code>/sites/<slug:slug>/"
REGISTER: list[URLPattern] = [
    path("register/", register_search.register, name="register"),
    path("provider/<slug:code>/services/", register_services.service_list, name="service-list"),
    path("provider/<slug:code>/services/add/", service_deeds.service_add, name="service-add"),
    path(_SERVICE, register_services.service_detail, name="service-detail"),
    path(f"{_SERVICE}change/", service_deeds.service_change, name="service-change"),
    path(f"{_SERVICE}hours/", service_deeds.service_hours, name="service-hours"),
    path(f"{_SERVICE}waiting/", service_deeds.service_waiting, name="service-waiting"),
    path(f"{_SERVICE}close/", service_deeds.service_close, name="service-close"),
    path(f"{_SERVICE}interventions/add/", delivery_deeds.delivery_add, name="delivery-add"),
    path(f"{_DELIVERY}change/", delivery_deeds.delivery_change, name="delivery-change"),
    path(f"{_DELIVERY}end/", delivery_deeds.delivery_end, name="delivery-end"),
    path("provider/<slug:code>/sites/", register_sites.site_list, name="site-list"),
    path("provider/<slug:code>/sites/add/", register_sites.site_add, name="site-add"),
    path(f"{_SITE}change/", register_sites.site_change, name="site-change"),
    path(f"{_SITE}close/", register_sites.site_close, name="site-close"),
    path("provider/<slug:code>/prescribers/", primary_care_deeds.prescribers, name="prescribers"),
]
_CARE = "partnership/<slug:code>/primary-care/"
_SCHEME = f"{_CARE}shared-care/<slug:slug>/"
PRIMARY_CARE: list[URLPattern] = [
    path(_CARE, primary_care.primary_care, name="primary-care"),
    path(f"{_CARE}practices/add/", primary_care_deeds.practice_add, name="practice-add"),
    path(
        f"{_CARE}practices/<slug:practice>/",
        primary_care_deeds.practice_change,
        name="practice-change",
    ),
    path(f"{_CARE}shared-care/add/", primary_care_deeds.scheme_add, name="scheme-add"),
    path(_SCHEME, primary_care.scheme_detail, name="scheme-detail"),
    path(f"{_SCHEME}change/", primary_care_deeds.scheme_change, name="scheme-change"),
    path(f"{_SCHEME}review/", primary_care_deeds.scheme_review, name="scheme-review"),
    path(f"{_SCHEME}end/", primary_care_deeds.scheme_end, name="scheme-end"),
    path(f"{_SCHEME}practices/add/", primary_care_deeds.scheme_join, name="scheme-join"),
    path(
        f"{_SCHEME}practices/<slug:practice>/leave/",
        primary_care_deeds.scheme_leave,
        name="scheme-leave",
    ),
]

# Contracts: the lists and dates of a side, and each contract once, for both sides.
_CONTRACT = "contracts/<slug:reference>/"
_OF_PLAN = "<slug:code>/<slug:slug>/"
CONTRACTS: list[URLPattern] = [
    path(
        "partnership/<slug:code>/contracts/",
        contract_lists.partnership_contracts,
        name="partnership-contracts",
    ),
    path(
        "partnership/<slug:code>/contracts/draft/",
        contract_lists.partnership_contract_start,
        name="partnership-contract-start",
    ),
    path(
        "provider/<slug:code>/contracts/",
        contract_lists.provider_contracts,
        name="provider-contracts",
    ),
    path(
        "provider/<slug:code>/contracts/propose/",
        contract_lists.provider_contract_start,
        name="provider-contract-start",
    ),
    *(
        one
        for kind in ("partnership", "provider", "region")
        for one in (
            path(
                f"{kind}/<slug:code>/contracts/dates/",
                contract_dates.contract_dates,
                {"kind": kind},
                name=f"{kind}-contract-dates",
            ),
            path(
                f"{kind}/<slug:code>/contracts/dates.svg",
                contract_dates.contract_dates_svg,
                {"kind": kind},
                name=f"{kind}-contract-dates-svg",
            ),
        )
    ),
    path(_CONTRACT, contract_record.contract_detail, name="contract-detail"),
    path(f"{_CONTRACT}money/", contract_money.contract_money, name="contract-money"),
    path(f"{_CONTRACT}money/{_OF_PLAN}", contract_money.contract_fund, name="contract-fund"),
    path(
        f"{_CONTRACT}money/{_OF_PLAN}commit/",
        contract_money.contract_commit,
        name="contract-commit",
    ),
    path(f"{_CONTRACT}versions/", contract_record.contract_versions, name="contract-versions"),
    path(f"{_CONTRACT}history/", contract_record.contract_history, name="contract-history"),
    path(f"{_CONTRACT}documents/", contract_writing.contract_documents, name="contract-documents"),
    path(
        f"{_CONTRACT}documents/<int:number>/",
        contract_writing.contract_document,
        name="contract-document",
    ),
    path(f"{_CONTRACT}edit/<slug:part>/", contract_writing.contract_edit, name="contract-edit"),
    path(f"{_CONTRACT}do/<slug:deed>/", contract_deeds.contract_deed, name="contract-deed"),
    path(f"{_CONTRACT}variations/propose/", contract_varying.contract_vary, name="contract-vary"),
    path(
        f"{_CONTRACT}variations/<int:number>/",
        contract_varying.contract_variation,
        name="contract-variation",
    ),
    path(
        f"{_CONTRACT}variations/<int:number>/money/{_OF_PLAN}",
        contract_variation_money,
        name="contract-variation-money",
    ),
    path(
        f"{_CONTRACT}performance/",
        contract_performing.contract_performance,
        name="contract-performance",
    ),
    path(
        f"{_CONTRACT}performance/settle/",
        contract_performing.contract_settle,
        name="contract-settle",
    ),
    path(
        f"{_CONTRACT}performance/<str:quarter>/comment/",
        contract_performing.contract_comment,
        name="contract-comment",
    ),
    path(
        f"{_CONTRACT}performance/<str:quarter>/return/",
        contract_performing.contract_return,
        name="contract-return",
    ),
]

_CALL_OFF = "call-offs/<int:number>/"
_VACANCY = "vacancies/<slug:code>/<slug:service>/"
# Finding a place, holding it, and what becomes of it; its record stands with what follows it, in
# aftercare.
VACANCIES: list[URLPattern] = [
    path("vacancies/", vacancy_search.vacancy_search, name="vacancies"),
    path("vacancies/compare/", vacancy_search.vacancy_compare, name="vacancy-compare"),
    path(f"{_VACANCY}hold/", vacancy_hold, name="vacancy-hold"),
    path("holds/<int:number>/release/", call_off_deeds.hold_release, name="hold-release"),
    path(
        "partnership/<slug:code>/call-offs/",
        call_off_lists.partnership_call_offs,
        name="partnership-call-offs",
    ),
    path(
        "provider/<slug:code>/call-offs/",
        call_off_lists.provider_call_offs,
        name="provider-call-offs",
    ),
    *(
        path(
            f"{_CALL_OFF}{deed}/",
            call_off_deeds.call_off_deed,
            {"deed": deed},
            name=f"call-off-{deed}",
        )
        for deed in call_off_deeds.DEEDS
    ),
    path(f"{_CALL_OFF}longer/", longer.call_off_longer, name="call-off-longer"),
    path(f"{_CALL_OFF}longer/money/", longer.call_off_longer_money, name="call-off-longer-money"),
    path(
        f"{_CALL_OFF}longer/<int:extension>/",
        call_off_deeds.extension_decide,
        name="call-off-longer-decide",
    ),
    path(f"{_CALL_OFF}fund/", longer.call_off_fund, name="call-off-fund"),
]

# How places and contracts are used, and what providers live on.
UTILISATION: list[URLPattern] = [
    path(f"{_CONTRACT}utilisation/", contract_utilisation, name="contract-utilisation"),
    path(f"{_CONTRACT}utilisation.svg", contract_utilisation_svg, name="contract-utilisation-svg"),
    path("provider/<slug:code>/utilisation/", provider_utilisation, name="provider-utilisation"),
    path(
        "provider/<slug:code>/utilisation.svg",
        provider_utilisation_svg,
        name="provider-utilisation-svg",
    ),
    path(
        "provider/<slug:code>/utilisation/fixed-costs/",
        provider_fixed_costs,
        name="provider-fixed-costs",
    ),
    path(
        "partnership/<slug:code>/utilisation/",
        market_use.partnership_utilisation,
        name="partnership-utilisation",
    ),
    path("region/<slug:code>/utilisation/", market_use.exposure, name="region-utilisation"),
    path(
        "region/<slug:code>/utilisation.svg",
        market_use.exposure_svg,
        name="region-utilisation-svg",
    ),
    path("england/utilisation/", market_use.exposure, name="england-utilisation"),
    path("england/utilisation.svg", market_use.exposure_svg, name="england-utilisation-svg"),
]

urlpatterns = [
    *UTILISATION,
    *VACANCIES,
    *CONTRACTS,
    *REGISTER,
    *PRIMARY_CARE,
    *PLACES,
    *ACTIVITY,
    *QUALITY,
    *_preferred("partnership"),
    *_preferred("region"),
    path("admin/providers/add/", agencies.provider_add, name="provider-add"),
    path(WITHIN, agencies.agency_list, name="agency-list"),
    path(f"{WITHIN}add/", agencies.agency_add, name="agency-add"),
    path(f"{WITHIN}<slug:agency>/close/", agencies.agency_close, name="agency-close"),
]
