"""Rows that break the promises about agencies."""

from tests.factories.providers import AgencyFactory

BREAKING = {"agency_code_is_capitals_and_digits": lambda: AgencyFactory(code="ag-1")}
