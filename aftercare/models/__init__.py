"""The records of aftercare, a noun a module."""

from aftercare.models.links import AftercareLink, PartnerAgency

__all__ = ["AftercareLink", "PartnerAgency"]
