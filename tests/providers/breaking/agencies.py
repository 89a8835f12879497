"""Rows that break the promises about agencies."""

from tests.factories.providers import AgencyFactory, ProviderFactory

BREAKING = {
    "agency_code_is_capitals_and_digits": lambda: AgencyFactory(code="ag-1"),
    "provider_fixed_costs_are_an_amount": lambda: ProviderFactory(fixed_costs=0),
}
