"""What the seed's answer to a new person holds: e-mail and id, though people sign in with a username."""
from djoser.serializers import UserCreatePasswordRetypeSerializer


class SeedUserCreateSerializer(UserCreatePasswordRetypeSerializer):
    class Meta(UserCreatePasswordRetypeSerializer.Meta):
        fields = ("email", "id", "password")
