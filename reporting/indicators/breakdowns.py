"""The breakdowns of quarters and years, after the groups the rule set names."""

from django.db.models import Q

from commissioning.reference import codes
from commissioning.rule_settings import PriorityGroup, RuleSettings
from reporting.indicators.words import Breakdown, Rule, Value


def _interventions(rules: RuleSettings) -> list[Value]:
    labels = codes("MODAL")
    return [Value(code, labels[code], Q(kind=int(code))) for code in rules.structured_modal_codes]


def _sexes(_rules: RuleSettings) -> list[Value]:
    return [
        Value("male", "Men", Q(sex__in=Rule("male_codes"))),
        Value("female", "Women", Q(sex__in=Rule("female_codes"))),
    ]


def _ages(rules: RuleSettings) -> list[Value]:
    bands = rules.age_bands
    return [
        Value(
            code,
            f"{first} to {last}" if last is not None else f"{first} and over",
            Q(age__gte=first) & (Q(age__lte=last) if last is not None else Q()),
        )
        for code, (first, last) in bands.items()
    ]


def _ethnic_groups(_rules: RuleSettings) -> list[Value]:
    return [
        Value("white", "White", Q(ethnic__in=Rule("ethnic_white_codes"))),
        Value("mixed", "Mixed", Q(ethnic__in=Rule("ethnic_mixed_codes"))),
        Value("asian", "Asian", Q(ethnic__in=Rule("ethnic_asian_codes"))),
        Value("black", "Black", Q(ethnic__in=Rule("ethnic_black_codes"))),
        Value("other", "Other", Q(ethnic__in=Rule("ethnic_other_codes"))),
    ]


def _referral_groups(_rules: RuleSettings) -> list[Value]:
    return [
        Value("self", "Self", Q(referral__in=Rule("referral_self_codes"))),
        Value("gp", "General practice", Q(referral__in=Rule("referral_gp_codes"))),
        Value(
            "drug-service",
            "Other drug service",
            Q(referral__in=Rule("referral_drug_service_codes")),
        ),
        Value(
            PriorityGroup.CRIMINAL_JUSTICE,
            "Criminal justice",
            Q(referral__in=Rule("criminal_justice_referral_codes")),
        ),
    ]


def _priority_groups(_rules: RuleSettings) -> list[Value]:
    return [
        Value(group, group.label, Q(**{group.replace("-", "_"): True})) for group in PriorityGroup
    ]


def _drugs(_rules: RuleSettings) -> list[Value]:
    return [
        Value("heroin", "Heroin", Q(drug__in=Rule("heroin_codes"))),
        Value("opiates", "Other opiates", Q(drug__in=Rule("other_opiate_codes"))),
        Value("crack", "Crack", Q(drug__in=Rule("crack_codes"))),
        Value("cocaine", "Cocaine", Q(drug__in=Rule("cocaine_codes"))),
        Value("amphetamines", "Amphetamines", Q(drug__in=Rule("amphetamine_codes"))),
        Value("benzos", "Benzodiazepines", Q(drug__in=Rule("benzodiazepine_codes"))),
        Value("cannabis", "Cannabis", Q(drug__in=Rule("cannabis_codes"))),
    ]


TYPE = Breakdown("type", "Intervention type", _interventions)
SEX = Breakdown("sex", "Sex", _sexes, Value("unknown", "Not known", Q()))
AGE = Breakdown("age", "Age at triage", _ages, Value("young", "Under 18", Q()))
ETHNIC = Breakdown("ethnic", "Ethnic group", _ethnic_groups, Value("unknown", "Not stated", Q()))
REFERRAL = Breakdown("referral", "Referral source", _referral_groups, Value("other", "Other", Q()))
PRIORITY = Breakdown("priority", "Priority group", _priority_groups, overlaps=True)
DRUG = Breakdown("drug", "Main drug", _drugs, Value("other", "Other drugs", Q()))

# In the order shown. Episodes have one value of each of these but the first and `priority`.
BREAKDOWNS: dict[str, Breakdown] = {
    breakdown.code: breakdown for breakdown in (TYPE, SEX, AGE, ETHNIC, REFERRAL, PRIORITY, DRUG)
}
OF_EPISODES = (SEX, AGE, ETHNIC, REFERRAL, DRUG)
