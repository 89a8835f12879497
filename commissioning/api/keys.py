"""Who asks over the API with a key: `Authorization: Token tck_…`."""

from django.utils import timezone
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from commissioning.choices import KeyState
from commissioning.kernel.clock import technical_now
from commissioning.kernel.words import day
from commissioning.models import ApiKey, User
from commissioning.selectors.api_keys import key_written
from commissioning.services.api_keys import note_use


class KeyAuthentication(TokenAuthentication):
    """The key's person asks, read anew for each request: with their rights of today, no more.

    It stands before the session, so that who is signed out is answered 401.
    """

    def authenticate_credentials(self, key: str) -> tuple[User, ApiKey]:
        known = key_written(key)
        if known is None:
            raise AuthenticationFailed("This API key is not known. Look for a space or a cut end.")
        match known.state_at(technical_now()):
            case KeyState.REVOKED:
                raise AuthenticationFailed("This API key was revoked. Make a new one.")
            case KeyState.EXPIRED:
                ended = day(timezone.localdate(known.expires_at))
                raise AuthenticationFailed(f"This API key expired on {ended}. Make a new one.")
        if not known.person.is_active:
            raise AuthenticationFailed("The access of the person whose key this is was ended.")
        note_use(known)
        return known.person, known
