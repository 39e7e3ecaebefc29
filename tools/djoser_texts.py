#!/usr/bin/env python3
"""Prints what the recorded packages say, in English and in Russian: `name<TAB>en<TAB>ru` for every sentence of
src/dialects/drf/texts.cpp, the forms of a counted sentence separated by `|`.

usage: djoser_texts.py [--check]
       --check: prints the lines in which texts.cpp differs, and fails if there are any

Needs the Debian packages python3-djoser and python3-djangorestframework-simplejwt (they bring Django and DRF); run it
with /usr/bin/python3. Each sentence is looked for in the source of its module. Russian is what a server with
LANGUAGE_CODE = "ru" and all of the packages in INSTALLED_APPS answers: English, where no catalog has a translation.
"""
import argparse
import ast
import functools
import importlib.util
import pathlib
import re

TEXTS = pathlib.Path(__file__).resolve().parent.parent / "src/dialects/drf/texts.cpp"
APPS = ["django.contrib.auth", "django.contrib.contenttypes", "rest_framework", "rest_framework.authtoken", "djoser",
        "rest_framework_simplejwt"]
TRANSLATORS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
FORM_COUNTS = (1, 2, 5)  # one of each plural form: of Russian all three, of English the first two

# module -> name -> the sentence in its source, or the two of a counted one, and the names of its nameless holes
SENTENCES = {
    "rest_framework.fields": {
        "required": "This field is required.",
        "may_not_be_null": "This field may not be null.",
        "may_not_be_blank": "This field may not be blank.",
        "not_a_string": "Not a valid string.",
        "email_malformed": "Enter a valid email address.",
        "too_long": "Ensure this field has no more than {max_length} characters.",
    },
    "rest_framework.validators": {"surrogate": "Surrogate characters are not allowed: U+{code_point:X}."},
    "rest_framework.serializers": {
        "not_an_object": "Invalid data. Expected a dictionary, but got {datatype}.",
        "nothing_sent": "No data provided",
    },
    "rest_framework.parsers": {
        "json_malformed": ("JSON parse error - %s", "problem"),
        "multipart_malformed": ("Multipart form parse error - %s", "problem"),
    },
    "rest_framework.exceptions": {
        "not_authenticated": "Authentication credentials were not provided.",
        "permission_denied": "You do not have permission to perform this action.",
        "not_found": "Not found.",
        "method_not_allowed": 'Method "{method}" not allowed.',
        "not_acceptable": "Could not satisfy the request Accept header.",
        "unsupported_media_type": 'Unsupported media type "{media_type}" in request.',
        "throttled": "Request was throttled.",
        "throttled_for": ["Expected available in {wait} second.", "Expected available in {wait} seconds."],
        "server_error": "A server error occurred.",
    },
    "rest_framework.authentication": {
        "token_header_empty": "Invalid token header. No credentials provided.",
        "token_header_spaced": "Invalid token header. Token string should not contain spaces.",
        "token_header_characters": "Invalid token header. Token string should not contain invalid characters.",
        "token_unknown": "Invalid token.",
        "owner_inactive": "User inactive or deleted.",
    },
    "django.core.validators": {"null_character": "Null characters are not allowed."},
    "django.db.models.fields": {"already_exists": "%(model_name)s with this %(field_label)s already exists."},
    "django.contrib.auth.validators": {
        "username_malformed": "Enter a valid username. This value may contain only letters, numbers, "
                              "and @/./+/-/_ characters.",
    },
    "django.contrib.auth.models": {
        "username_exists": "A user with that username already exists.",
        "label_username": "username",
        "label_first_name": "first name",
        "label_last_name": "last name",
        "label_email": "email address",
    },
    "django.http.multipartparser": {
        "multipart_not_its_type": ("Invalid Content-Type: %s", "content_type"),
        "multipart_not_ascii": ("Invalid non-ASCII Content-Type in multipart: %s", "content_type"),
        "multipart_boundary": ("Invalid boundary in multipart: %s", "boundary"),
        "too_many_fields": "The number of GET/POST parameters exceeded settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.",
    },
    "django.contrib.auth.password_validation": {
        "password_too_similar": "The password is too similar to the %(verbose_name)s.",
        "password_too_short": ["This password is too short. It must contain at least %(min_length)d character.",
                               "This password is too short. It must contain at least %(min_length)d characters."],
        "password_too_common": "This password is too common.",
        "password_numeric": "This password is entirely numeric.",
    },
    "djoser.constants": {
        "credentials_refused": "Unable to log in with provided credentials.",
        "link_token_invalid": "Invalid token for given user.",
        "link_uid_invalid": "Invalid user id or user doesn't exist.",
        "link_token_stale": "Stale token for given user.",
        "passwords_differ": "The two password fields didn't match.",
        "password_wrong": "Invalid password.",
        "account_not_created": "Unable to create account.",
    },
    "rest_framework_simplejwt.serializers": {
        "no_active_account": "No active account found with the given credentials",
    },
    "rest_framework_simplejwt.tokens": {
        "jwt_invalid": "Token is invalid or expired",
        "jwt_wrong_type": "Token has wrong type",
    },
    "rest_framework_simplejwt.authentication": {
        "jwt_of_no_type": "Given token not valid for any token type",
        "jwt_user_inactive": "User is inactive",
        "jwt_header_malformed": "Authorization header must contain two space-delimited values",
    },
}


@functools.cache
def sentences_of(module):
    """(every string of the module's source, those of them that are translated)."""
    tree = ast.parse(pathlib.Path(importlib.util.find_spec(module).origin).read_text(encoding="utf-8"))
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return strings, {arg.value for call in calls if getattr(call.func, "id", "") in TRANSLATORS
                     for arg in call.args if isinstance(arg, ast.Constant)}


def with_named_holes(text, names):
    text = re.sub(r"%\((\w+)\)[sd]", r"{\1}", text)
    text = re.sub(r"\{(\w+):X\}", r"{\1}", text)
    for name in names:
        text = re.sub(r"%s|\{0?\}", "{" + name + "}", text, count=1)
    return text


def counted_forms(module, name, forms):
    """(English forms, Russian forms) as the packages choose them."""
    from django.utils.translation import ngettext, override
    from rest_framework.exceptions import Throttled

    def said(count):
        if name == "throttled_for":
            return Throttled(wait=count).detail.partition(". ")[2].replace(str(count), "{count}")
        return ngettext(*forms, count)
    with override("en"):
        english = [said(count) for count in FORM_COUNTS[:2]]
    with override("ru"):
        russian = [said(count) for count in FORM_COUNTS]
    return ["|".join(re.sub(r"%\(\w+\)d|\{\w+\}", "{count}", form) for form in each) for each in (english, russian)]


def table():
    """name -> (en, ru), as the packages have them."""
    import django
    from django.conf import settings
    from django.utils.translation import gettext, override
    settings.configure(INSTALLED_APPS=APPS, USE_I18N=True, SECRET_KEY="no secret", DATABASES={})
    django.setup()
    found = {}
    for module, entries in SENTENCES.items():
        strings, translated = sentences_of(module)
        for name, entry in entries.items():
            text, *holes = [entry] if isinstance(entry, (str, list)) else entry
            if missing := [each for each in ([text] if isinstance(text, str) else text) if each not in strings]:
                raise SystemExit(f"{module} does not say {missing[0]!r} ({name})")
            if isinstance(text, list):
                found[name] = tuple(counted_forms(module, name, text))
                continue
            with override("ru"):
                russian = gettext(text) if text in translated else text
            found[name] = tuple(with_named_holes(each, holes) for each in (text, russian))
    return found


def written():
    """name -> (en, ru), as texts.cpp has them: rows {Sentence::name, "en", "ru"}, forms in braces; no ru means en."""
    source = re.sub(r'"\s*"', "", TEXTS.read_text(encoding="utf-8"))  # adjacent literals are one text
    literal = r'"(?:\\.|[^"\\])*"'
    texts = rf"(?:{literal}|\{{(?:{literal}|[,\s])*\}})"
    found = {}
    for name, row in re.findall(rf"\{{Sentence::(\w+),\s*({texts}(?:,\s*{texts})?)\}}", source):
        said = ["|".join(map(ast.literal_eval, re.findall(literal, each))) for each in re.findall(texts, row)]
        found[name] = (said[0], said[-1] or said[0])
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    real = table()
    if not parser.parse_args().check:
        for name, texts in real.items():
            print(name, *texts, sep="\t")
        return
    ours = written()
    # A counted sentence without translation has no Russian forms at all.
    real = {name: (en, ru if set(ru.split("|")) - set(en.split("|")) else en) for name, (en, ru) in real.items()}
    differing = sorted(name for name in real.keys() | ours.keys() if real.get(name) != ours.get(name))
    for name in differing:
        print(name, *real.get(name, ("no such sentence",)), sep="\t")
        print("\ttexts.cpp", *ours.get(name, ("has none",)), sep="\t")
    raise SystemExit(1 if differing else 0)


if __name__ == "__main__":
    main()
