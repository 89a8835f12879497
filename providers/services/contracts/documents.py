"""Documents that both sides of a contract read."""

from django.core.files.base import File
from django.db import transaction

from commissioning.models import Organisation, User
from commissioning.services.documents import add_document
from providers.models import Contract, ContractDocument
from providers.services.contracts.guard import lock_contract, place_of, side_of, tell_deed


@transaction.atomic
def add_contract_document(*, contract: Contract, file: File, by: User) -> ContractDocument:  # type: ignore[type-arg]  # bytes, however it came
    """Keep a file with the contract; it belongs to the side that added it."""
    held = lock_contract(contract)
    organisation = Organisation.objects.get(pk=place_of(held, side_of(by, held)))
    document = add_document(organisation=organisation, file=file, by=by)
    made = ContractDocument.objects.create(contract=held, document=document)
    tell_deed("document_added", held, by, name=document.name)
    return made
