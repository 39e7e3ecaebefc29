"""The people of the profiles `seed` and `email`; `default` has Django's own. First and last names play no part in them."""
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models


class UserManager(BaseUserManager):
    def create_user(self, email, password, **others):
        email = self.normalize_email(email)
        if settings.PROFILE == "seed" and not others.get("username"):
            others["username"] = email
        user = self.model(email=email, **others)
        user.set_password(password)
        user.save(using=self._db)
        return user


class Person(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    objects = UserManager()
    EMAIL_FIELD = "email"

    class Meta:
        abstract = True


if settings.PROFILE == "seed":

    class User(Person):
        username = models.CharField(max_length=150, unique=True, blank=True)

        USERNAME_FIELD = "username"
        REQUIRED_FIELDS = ["email"]

else:

    class User(Person):
        USERNAME_FIELD = "email"
