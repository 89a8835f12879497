"""Who may do what: the policy, in one table.

A membership gives a person a role in an organisation. The role's permissions hold for the rows
of that organisation: a partnership's residents, a provider's agencies, a region's partnerships,
or, for the nation, everything.
"""

from enum import StrEnum, auto

from django.db.models import TextChoices

from commissioning.choices import OrganisationKind


class Permission(StrEnum):
    FIGURES_VIEW = auto()  # exact aggregates of one's own area or organisation
    RETURN_VIEW = auto()  # returns, their findings and their history
    RETURN_SEND = auto()  # upload, confirm and undo a return
    RETURN_RECORDS_VIEW = auto()  # the pseudonymous records a finding names
    LONG_WAIT_VIEW = auto()  # the list of waits of six weeks or more
    LONG_WAIT_REVIEW = auto()  # owner, cause, action and outcome of such a wait
    CASE_VIEW = auto()  # references by which an agency knows its client: who commissions or treats
    ORGANISATION_VIEW = auto()  # facts, members, people and history of an organisation
    DOCUMENT_VIEW = auto()  # read the documents kept for an organisation
    DOCUMENT_ADD = auto()  # keep a document for an organisation
    PEOPLE_MANAGE = auto()  # invite people and end memberships
    ORGANISATION_MANAGE = auto()  # add organisations, record successions and dated facts
    RULES_EDIT = auto()  # publish a rule set
    JOBS_VIEW = auto()  # what runs in the background
    PLAN_VIEW = auto()  # annual plans, their money and their monitoring
    PLAN_EDIT = auto()  # write a plan, its needs assessment and its self-assessment
    PLAN_SUBMIT = auto()  # send a plan, an amendment or a quarterly report to the region
    PLAN_AGREE = auto()  # comment on plans, return and agree them, set the days they are due
    MONEY_POST = auto()  # post payments, commitments and releases; ask for a virement
    MONEY_APPROVE = auto()  # approve a virement that another person asked for
    REGISTER_EDIT = auto()  # write a provider's sites, services, interventions and quality
    AREA_EDIT = auto()  # a partnership's shared care, preferred providers and aftercare links
    REGION_EDIT = auto()  # a region's lists of preferred providers, for its consortia
    CONTRACT_VIEW = auto()  # contracts, their money and their performance
    CONTRACT_EDIT = auto()  # write, offer, vary and monitor contracts
    CONTRACT_AWARD = auto()  # award a contract or accept a variation, which commits money
    CONTRACT_ANSWER = auto()  # a provider's side: propose, accept, vary, report on a contract
    PLACES_KEEP = auto()  # say how a provider's places stand
    PLACE_FIND = auto()  # search for places, and see who has which free
    PLACE_HOLD = auto()  # hold a place and call it off
    CALL_OFF_VIEW = auto()  # call-offs and holds of one's partnership or provider
    CALL_OFF_APPROVE = auto()  # approve a spot purchase that another person asked for
    CALL_OFF_ANSWER = auto()  # a provider's side: accept, admit, end
    ACTIVITY_SEND = auto()  # fill in and confirm a Tier 1 and 2 activity return


class Role(TextChoices):
    LEAD = "LEAD", "Partnership lead"
    COMMISSIONER = "COMMISSIONER", "Commissioner"
    CARE_MANAGER = "CARE_MANAGER", "Care manager"
    FINANCE_APPROVER = "FINANCE_APPROVER", "Finance approver"
    ANALYST = "ANALYST", "Analyst"
    PROVIDER_MANAGER = "PROVIDER_MANAGER", "Provider manager"
    KEYWORKER = "KEYWORKER", "Keyworker"
    PROVIDER_STAFF = "PROVIDER_STAFF", "Provider staff"
    REVIEWER = "REVIEWER", "Reviewer"
    ADMINISTRATOR = "ADMINISTRATOR", "Administrator"


_READS_FIGURES = frozenset(
    {Permission.FIGURES_VIEW, Permission.ORGANISATION_VIEW, Permission.DOCUMENT_VIEW}
)
_READS_RETURNS = _READS_FIGURES | {Permission.RETURN_VIEW}
_PLANS = frozenset({Permission.PLAN_VIEW, Permission.PLAN_EDIT, Permission.MONEY_POST})
_READS_MARKET = frozenset(
    {Permission.CONTRACT_VIEW, Permission.PLACE_FIND, Permission.CALL_OFF_VIEW}
)
_BUYS = _READS_MARKET | {
    Permission.AREA_EDIT,
    Permission.CONTRACT_EDIT,
    Permission.PLACE_HOLD,
}
_KEEPS_PLACES = frozenset(
    {
        Permission.PLACES_KEEP,
        Permission.CALL_OFF_VIEW,
        Permission.CALL_OFF_ANSWER,
        Permission.ACTIVITY_SEND,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    # The lead answers for the partnership: everything in it, and who works in it.
    Role.LEAD: _READS_RETURNS
    | {
        Permission.LONG_WAIT_VIEW,
        Permission.LONG_WAIT_REVIEW,
        Permission.CASE_VIEW,
        Permission.JOBS_VIEW,
        Permission.DOCUMENT_ADD,
        Permission.PEOPLE_MANAGE,
        Permission.PLAN_SUBMIT,
        Permission.MONEY_APPROVE,
        Permission.CONTRACT_AWARD,
        Permission.CALL_OFF_APPROVE,
    }
    | _PLANS
    | _BUYS,
    # Commissioners plan and buy, watch the figures and review every wait of six weeks or more.
    Role.COMMISSIONER: _READS_RETURNS
    | {
        Permission.LONG_WAIT_VIEW,
        Permission.LONG_WAIT_REVIEW,
        Permission.CASE_VIEW,
        Permission.JOBS_VIEW,
        Permission.DOCUMENT_ADD,
    }
    | _PLANS
    | _BUYS,
    Role.CARE_MANAGER: _READS_FIGURES
    | {
        Permission.LONG_WAIT_VIEW,
        Permission.LONG_WAIT_REVIEW,
        Permission.CASE_VIEW,
        Permission.PLAN_VIEW,
        Permission.PLACE_FIND,
        Permission.PLACE_HOLD,
        Permission.CALL_OFF_VIEW,
    },
    # A finance approver approves, up to the limit of the membership, what another asked for.
    Role.FINANCE_APPROVER: _READS_FIGURES
    | {
        Permission.PLAN_VIEW,
        Permission.MONEY_POST,
        Permission.MONEY_APPROVE,
        Permission.CONTRACT_AWARD,
        Permission.CALL_OFF_APPROVE,
    }
    | _READS_MARKET,
    Role.ANALYST: _READS_RETURNS
    | {Permission.LONG_WAIT_VIEW, Permission.JOBS_VIEW, Permission.PLAN_VIEW}
    | _READS_MARKET,
    # Providers send their own returns and see their own figures.
    Role.PROVIDER_MANAGER: _READS_RETURNS
    | {
        Permission.RETURN_SEND,
        Permission.RETURN_RECORDS_VIEW,
        Permission.LONG_WAIT_VIEW,
        Permission.CASE_VIEW,
        Permission.JOBS_VIEW,
        Permission.DOCUMENT_ADD,
        Permission.PEOPLE_MANAGE,
        Permission.REGISTER_EDIT,
        Permission.CONTRACT_VIEW,
        Permission.CONTRACT_ANSWER,
    }
    | _KEEPS_PLACES,
    Role.KEYWORKER: _READS_FIGURES | _KEEPS_PLACES,
    Role.PROVIDER_STAFF: _READS_RETURNS
    | {
        Permission.RETURN_SEND,
        Permission.RETURN_RECORDS_VIEW,
        Permission.LONG_WAIT_VIEW,
        Permission.CASE_VIEW,
        Permission.JOBS_VIEW,
    }
    | _KEEPS_PLACES,
    # Reviewers read their region, or the nation, and agree its plans; never a client's record.
    Role.REVIEWER: _READS_RETURNS
    | {
        Permission.LONG_WAIT_VIEW,
        Permission.JOBS_VIEW,
        Permission.PLAN_VIEW,
        Permission.PLAN_AGREE,
        Permission.REGION_EDIT,
        Permission.CONTRACT_VIEW,
        Permission.PLACE_FIND,
    },
    # Administrators keep the service; they hold no right to figures or clients.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ORGANISATION_VIEW,
            Permission.PEOPLE_MANAGE,
            Permission.ORGANISATION_MANAGE,
            Permission.RULES_EDIT,
            Permission.JOBS_VIEW,
        }
    ),
}

# In which kind of organisation a role can be held.
HELD_IN: dict[Role, frozenset[OrganisationKind]] = {
    **dict.fromkeys(
        (
            Role.LEAD,
            Role.COMMISSIONER,
            Role.CARE_MANAGER,
            Role.FINANCE_APPROVER,
            Role.ANALYST,
        ),
        frozenset({OrganisationKind.PARTNERSHIP}),
    ),
    **dict.fromkeys(
        (Role.PROVIDER_MANAGER, Role.KEYWORKER, Role.PROVIDER_STAFF),
        frozenset({OrganisationKind.PROVIDER}),
    ),
    Role.REVIEWER: frozenset({OrganisationKind.REGION, OrganisationKind.NATION}),
    Role.ADMINISTRATOR: frozenset({OrganisationKind.NATION}),
}


def roles_with(permission: Permission) -> frozenset[Role]:
    return frozenset(role for role, granted in GRANTS.items() if permission in granted)
