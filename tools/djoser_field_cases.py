#!/usr/bin/env python3
r"""Answers the requests of src/dialects/drf/testing/fields.tsv as a view of Django REST framework does.

usage: djoser_field_cases.py [--check] [FILE]
       prints the file with its answers computed anew; --check: says which lines differ, and fails if any do

A line is `method language<TAB>Content-Type<TAB>body<TAB>answer`; in the last three `\xNN` is a byte and `\\` a backslash.
The view has the ModelSerializer below; fields_test.cpp has the same fields. Needs the Debian package
python3-djangorestframework; run it with /usr/bin/python3.
"""
import argparse
import io
import pathlib

import django
from django.conf import settings

from python_json_cases import bytes_of

CASES = pathlib.Path(__file__).resolve().parent.parent / "src/dialects/drf/testing/fields.tsv"


def written_as(raw):
    text = raw.decode("utf-8", "surrogateescape")
    return "".join(char if char.isprintable() and char != "\\" else "\\\\" if char == "\\" else
                   "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape")) for char in text)


def make_view():
    """A view that answers with what its serializer has validated."""
    settings.configure(
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"], USE_I18N=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}, SECRET_KEY="no secret",
        REST_FRAMEWORK={"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]})
    django.setup()
    from django.contrib.auth.models import AbstractUser
    from django.db import connection, models
    from rest_framework import serializers
    from rest_framework.response import Response
    from rest_framework.views import APIView

    class User(AbstractUser):
        email = models.EmailField(unique=True)
        groups = user_permissions = None

        class Meta:
            app_label = "recorded"

    class UserSerializer(serializers.ModelSerializer):
        password = serializers.CharField()
        nick = serializers.CharField(required=False)

        class Meta:
            model = User
            fields = ("email", "username", "password", "first_name", "nick")

    class View(APIView):
        authentication_classes = permission_classes = ()

        def post(self, request, **options):
            serializer = UserSerializer(User(), data=request.data, **options)
            serializer.is_valid(raise_exception=True)
            return Response(dict(serializer.validated_data))

        def patch(self, request):
            return self.post(request, partial=True)

    with connection.schema_editor() as editor:
        editor.create_model(User)
    return View.as_view()


def answer(view, circumstances, media_type, body):
    from django.core.handlers.wsgi import WSGIRequest
    from django.utils import translation
    method, language = circumstances.split()
    request = WSGIRequest({"REQUEST_METHOD": method, "PATH_INFO": "/", "SERVER_NAME": "x", "SERVER_PORT": "80",
                           "CONTENT_TYPE": media_type.decode("latin-1"), "CONTENT_LENGTH": str(len(body)),
                           "wsgi.input": io.BytesIO(body)})
    with translation.override(language):
        response = view(request).render()
    return str(response.status_code).encode() + b" " + response.content


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("file", nargs="?", type=pathlib.Path, default=CASES)
    options = parser.parse_args()
    view, differing = make_view(), 0
    for line in options.file.read_text(encoding="utf-8").splitlines():
        now = line
        if not line.startswith("#"):
            asked = line.split("\t")[:3]
            now = "\t".join([*asked, written_as(answer(view, asked[0], *map(bytes_of, asked[1:])))])
        differing += now != line
        if not options.check or now != line:
            print(now)
    raise SystemExit(1 if options.check and differing else 0)


if __name__ == "__main__":
    main()
