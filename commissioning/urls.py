"""Addresses of the ground floor."""

from django.urls import URLPattern, URLResolver, include, path

from commissioning.charts import in_both_forms
from commissioning.views import (
    account,
    administration,
    api_keys,
    calendar,
    competence,
    demonstration,
    documents,
    framework,
    health,
    inbox,
    jobs,
    organisation_deeds,
    organisations,
    people,
    people_deeds,
    rule_sets,
)
from commissioning.views.plans import across as plan_across
from commissioning.views.plans import amendments as plan_amendments
from commissioning.views.plans import checks as plan_checks
from commissioning.views.plans import comments as plan_comments
from commissioning.views.plans import deeds as plan_deeds
from commissioning.views.plans import grids as plan_grids
from commissioning.views.plans import joint as plan_joint
from commissioning.views.plans import ledger as plan_ledger
from commissioning.views.plans import line as plan_line
from commissioning.views.plans import line_file as plan_line_file
from commissioning.views.plans import lines as plan_lines
from commissioning.views.plans import listing as plan_listing
from commissioning.views.plans import money as plan_money
from commissioning.views.plans import monitoring as plan_reports
from commissioning.views.plans import needs as plan_needs
from commissioning.views.plans import needs_deeds as plan_needs_deeds
from commissioning.views.plans import overview as plan_overview
from commissioning.views.plans import overview_parts as plan_parts
from commissioning.views.plans import posting as plan_posting
from commissioning.views.plans import quarter as plan_quarter
from commissioning.views.plans import quarter_deeds as plan_quarter_deeds
from commissioning.views.plans import targets as plan_targets
from commissioning.views.plans import tiers as plan_tiers
from commissioning.views.plans import versions as plan_versions
from commissioning.views.plans import virements as plan_virements

app_name = "commissioning"

# Managing people, from the administrator's office or from an organisation's own.
PEOPLE: list[URLPattern] = [
    path("", people.person_list, name="person-list"),
    path("invite/", people_deeds.person_invite, name="person-invite"),
    path("<slug:person>/", people.person_detail, name="person-detail"),
    path("<slug:person>/again/", people_deeds.person_invite_again, name="person-invite-again"),
    path("<slug:person>/roles/add/", people_deeds.role_give, name="role-give"),
    path("<slug:person>/roles/<int:number>/", people_deeds.role_change, name="role-change"),
]
ORGANISATION: list[URLPattern] = [
    path("", organisations.organisation_detail, name="organisation-detail"),
    path("rename/", organisation_deeds.organisation_rename, name="organisation-rename"),
    path("close/", organisation_deeds.organisation_close, name="organisation-close"),
    path("merge/", organisation_deeds.organisation_merge, name="organisation-merge"),
    path("split/", organisation_deeds.organisation_split, name="organisation-split"),
    path("facts/add/", organisation_deeds.fact_state, name="fact-state"),
    path("facts/<int:number>/end/", organisation_deeds.fact_end, name="fact-end"),
    path("documents/add/", organisation_deeds.document_add, name="document-add"),
]
# How a plan is agreed: its comments, its versions, its amendments, and the deeds on it.
AGREEMENT: list[URLPattern] = [
    path("comments/", plan_comments.comment_list, name="plan-comments"),
    path("comments/<int:number>/answer/", plan_comments.comment_answer, name="comment-answer"),
    path("comments/<int:number>/settle/", plan_comments.comment_settle, name="comment-settle"),
    path("versions/", plan_versions.version_list, name="plan-versions"),
    path("v<int:number>/", plan_versions.version_detail, name="plan-version"),
    path("compare/", plan_versions.version_compare, name="plan-compare"),
    path("amendments/open/", plan_amendments.amendment_open, name="amendment-open"),
    path("amendments/<int:number>/", plan_amendments.amendment_detail, name="amendment-detail"),
    path(
        "amendments/<int:number>/<slug:deed>/",
        plan_amendments.amendment_deed,
        name="amendment-deed",
    ),
    *(
        path(f"{deed.page.partition('plan-')[2]}/", plan_deeds.plan_deed, {"to": to}, name=name)
        for to, deed in plan_deeds.DEEDS.items()
        for name in [deed.page.partition(":")[2]]
    ),
]
TARGET = "targets/<slug:source>/<slug:indicator>/"
GRID_ROW = "grids/<slug:grid>/<int:number>/"
# What a plan says beside its lines, and its checks.
PARTS: list[URLPattern] = [
    path("summary/", plan_parts.plan_summary, name="plan-summary"),
    path("documents/name/", plan_parts.plan_document_link, name="plan-document-link"),
    path(
        "documents/<int:number>/take-out/",
        plan_parts.plan_document_unlink,
        name="plan-document-unlink",
    ),
    path("targets/", plan_targets.plan_targets, name="plan-targets"),
    path("targets/priorities/", plan_targets.plan_priorities, name="plan-priorities"),
    path(TARGET, plan_targets.plan_target_set, name="plan-target-set"),
    path(f"{TARGET}take-out/", plan_targets.plan_target_drop, name="plan-target-drop"),
    *in_both_forms(f"{TARGET}chart", plan_targets.plan_target_chart, "plan-target"),
    path("tiers/", plan_tiers.plan_tiers, name="plan-tiers"),
    path("tiers/<int:tier>/", plan_tiers.plan_coverage, name="plan-coverage"),
    path("grids/", plan_grids.plan_grids, name="plan-grids"),
    path("grids/add/", plan_grids.plan_grid_add, name="plan-grid-add"),
    path(GRID_ROW, plan_grids.plan_grid_row, name="plan-grid-row"),
    path(f"{GRID_ROW}change/", plan_grids.plan_grid_change, name="plan-grid-change"),
    path(f"{GRID_ROW}take-out/", plan_grids.plan_grid_remove, name="plan-grid-remove"),
    path("checks/", plan_checks.plan_checks, name="plan-checks"),
    path("checks/<slug:check>/", plan_checks.plan_check_declare, name="plan-check-declare"),
    path(
        "checks/<slug:check>/take-back/",
        plan_checks.plan_check_withdraw,
        name="plan-check-withdraw",
    ),
]
# The needs assessment a plan rests on.
NEEDS: list[URLPattern] = [
    path("", plan_needs.plan_needs, name="plan-needs"),
    *in_both_forms("bullseye", plan_needs.needs_chart, "plan-needs"),
    path("start/", plan_needs_deeds.needs_start, name="plan-needs-start"),
    path("finish/", plan_needs_deeds.needs_finish, name="plan-needs-finish"),
    path("reopen/", plan_needs_deeds.needs_reopen, name="plan-needs-reopen"),
    path(
        "gaps/<int:number>/priority/", plan_needs_deeds.needs_priority, name="plan-needs-priority"
    ),
    path("<slug:part>/", plan_needs_deeds.needs_part, name="plan-needs-part"),
]
# What was promised, paid and moved of a plan.
LEDGER: list[URLPattern] = [
    path("ledger/", plan_ledger.plan_ledger, name="plan-ledger"),
    path("ledger/lines/", plan_ledger.plan_ledger_lines, name="plan-ledger-lines"),
    path("ledger/post/", plan_posting.plan_ledger_post, name="plan-ledger-post"),
    path("ledger/payments/", plan_posting.plan_payments, name="plan-payments"),
    path("virements/", plan_virements.plan_virements, name="plan-virements"),
    path("virements/ask/", plan_virements.plan_virement_ask, name="plan-virement-ask"),
    path("virements/<int:number>/", plan_virements.plan_virement, name="plan-virement"),
]
# A plan through its year: its quarterly reports.
MONITORING: list[URLPattern] = [
    path("", plan_reports.plan_monitoring, name="plan-monitoring"),
    *in_both_forms("spend", plan_reports.monitoring_chart, "plan-monitoring"),
    path("<slug:quarter>/", plan_quarter.plan_quarter, name="plan-quarter"),
    path("<slug:quarter>/sign/", plan_quarter_deeds.quarter_sign, name="plan-quarter-sign"),
    path("<slug:quarter>/reopen/", plan_quarter_deeds.quarter_reopen, name="plan-quarter-reopen"),
]
# One plan, in the order of its tabs.
PLAN: list[URLPattern | URLResolver] = [
    path("", plan_overview.plan_detail, name="plan-detail"),
    path("monitoring/", include(MONITORING)),
    path("shares/", plan_joint.plan_shares, name="plan-shares"),
    path("shares/change/", plan_joint.plan_shares_change, name="plan-shares-change"),
    path("needs/", include(NEEDS)),
    path("lines/", plan_lines.line_list, name="plan-lines"),
    path("lines/file/", plan_line_file.line_file, name="plan-line-file"),
    path("lines/order/", plan_lines.line_order, name="plan-line-order"),
    path("lines/<int:number>/", plan_line.line_detail, name="plan-line"),
    path("money/", plan_money.plan_money, name="plan-money"),
    *in_both_forms("money/tiers", plan_money.money_chart, "plan-money"),
    path("money/by/<slug:by>/", plan_money.money_totals, name="plan-money-totals"),
    *LEDGER,
    *PARTS,
    *AGREEMENT,
]

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("framework/", framework.framework_page, name="framework"),
    path("admin/", administration.administration, name="administration"),
    path("admin/people/", include(PEOPLE)),
    path("admin/people/<slug:person>/end/", people_deeds.person_end, name="person-end"),
    path(
        "admin/people/<slug:person>/bring-back/",
        people_deeds.person_bring_back,
        name="person-bring-back",
    ),
    path("partnership/<slug:code>/people/", include(PEOPLE), {"kind": "partnership"}),
    path("provider/<slug:code>/people/", include(PEOPLE), {"kind": "provider"}),
    path("admin/organisations/", organisations.organisation_list, name="organisation-list"),
    path("admin/organisations/add/", organisation_deeds.organisation_add, name="organisation-add"),
    path("admin/organisations/<slug:kind>/<slug:code>/", include(ORGANISATION)),
    path("admin/rule-sets/", rule_sets.rule_set_list, name="rule-set-list"),
    path("admin/rule-sets/publish/", rule_sets.rule_set_publish, name="rule-set-publish"),
    path("admin/rule-sets/<slug:code>/", rule_sets.rule_set_detail, name="rule-set-detail"),
    path("partnership/<slug:code>/plan/", plan_listing.plan_list, name="plan-list"),
    path("partnership/<slug:code>/plan/start/", plan_overview.plan_start, name="plan-start"),
    path(
        "partnership/<slug:code>/plan/start-joint/",
        plan_joint.plan_start_joint,
        name="plan-start-joint",
    ),
    path("partnership/<slug:code>/plan/<slug:slug>/", include(PLAN)),
    path(
        "partnership/<slug:code>/self-assessment/<slug:year>/",
        competence.self_assessment,
        name="self-assessment",
    ),
    path(
        "partnership/<slug:code>/self-assessment/<slug:year>/finish/",
        competence.self_assessment_finish,
        name="self-assessment-finish",
    ),
    path(
        "partnership/<slug:code>/self-assessment/<slug:year>/reopen/",
        competence.self_assessment_reopen,
        name="self-assessment-reopen",
    ),
    path(
        "partnership/<slug:code>/self-assessment/<slug:year>/<slug:head>/grid/",
        competence.self_assessment_into_grid,
        name="self-assessment-into-grid",
    ),
    path("region/<slug:code>/plans/", plan_across.plans_now, name="region-plans-now"),
    path("region/<slug:code>/plans/<slug:year>/", plan_across.region_plans, name="region-plans"),
    path(
        "region/<slug:code>/plans/<slug:year>/dates/",
        plan_across.plan_dates,
        name="region-plan-dates",
    ),
    path("england/plans/", plan_across.plans_now, name="england-plans-now"),
    path("england/plans/<slug:year>/", plan_across.england_plans, name="england-plans"),
    path("england/plans/<slug:year>/dates/", plan_across.plan_dates, name="england-plan-dates"),
    path("documents/<int:number>/", documents.document_download, name="document-download"),
    path("jobs/", jobs.job_list, name="job-list"),
    path("jobs/<int:number>/", jobs.job_detail, name="job-detail"),
    path("jobs/<int:number>/progress/", jobs.job_progress, name="job-progress"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.inbox_read, name="inbox-read"),
    path("account/", account.account, name="account"),
    path("account/organisation/", account.acting_organisation, name="acting-organisation"),
    path("account/keys/", api_keys.api_key_list, name="api-key-list"),
    path("account/keys/make/", api_keys.api_key_make, name="api-key-make"),
    path("account/keys/<int:number>/revoke/", api_keys.api_key_revoke, name="api-key-revoke"),
    path("account/calendar/", calendar.calendar, name="calendar"),
    path("account/calendar/revoke/", calendar.calendar_revoke, name="calendar-revoke"),
    path("demonstration/mail/", demonstration.mail, name="mail"),
]
