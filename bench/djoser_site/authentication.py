"""`Authorization: Bearer …`: an access token of djoser's JWT, or the refusals of the recorded server.

That one read Bearer with drf-social-oauth2, which Debian does not package: this says what it said to a token it did not know.
"""
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken

NO_BACKEND = "Invalid token header. No backend provided."
NO_CREDENTIALS = "Invalid token header. No credentials provided."
SPACES = "Invalid token header. Token string should not contain spaces."


class Bearer(JWTAuthentication):
    def authenticate(self, request):
        words = request.META.get("HTTP_AUTHORIZATION", "").split()
        if not words or words[0].lower() != "bearer":
            return None
        if len(words) != 2:  # with three the recorded server crashed
            raise AuthenticationFailed(NO_BACKEND if len(words) == 1 else SPACES)
        try:
            token = self.get_validated_token(words[1].encode())
        except InvalidToken:
            raise AuthenticationFailed(NO_CREDENTIALS) from None
        return self.get_user(token), token
