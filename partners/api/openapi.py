"""The API's OpenAPI document, and the page that shows it to people. Both are public: they hold nobody's data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

Document = dict[str, Any]


@login_not_required
@require_safe
def document(_request: HttpRequest) -> JsonResponse:
    """`/api/v1/schema/`: OpenAPI 3 as JSON."""
    return JsonResponse(openapi(get_language()), json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
def document_page(request: HttpRequest) -> HttpResponse:
    """`/api/v1/docs/`: the same for people."""
    described = openapi(get_language())
    operations = list(_operations(described))
    context = {
        "operations": operations,
        "errors": operations[0]["errors"],
        "problem": list(_fields(described, described["components"]["schemas"]["ProblemSchema"])),
        "example": request.build_absolute_uri(reverse("api:me")),
    }
    return render(request, "partners/api_docs.html", context)


@lru_cache(maxsize=16)
def openapi(_language: str) -> Document:
    """The document, made once for each language."""
    return SchemaGenerator().get_schema(request=None, public=True)


def _operations(described: Document) -> Iterator[Document]:
    """What the page shows of each address."""
    for path, methods in described["paths"].items():
        operation = methods["get"]
        answers = operation["responses"]
        yield {
            "id": operation["operationId"],
            "path": path,
            "summary": operation["summary"],
            "description": operation["description"],
            "parameters": [_parameter(described, parameter) for parameter in operation.get("parameters", [])],
            "fields": list(_fields(described, answers["200"]["content"]["application/json"]["schema"])),
            "errors": [(status, answer["description"]) for status, answer in answers.items() if status != "200"],
        }


def _parameter(described: Document, parameter: Mapping[str, Any]) -> Document:
    schema = parameter["schema"]
    return {
        "name": parameter["name"],
        "type": _type(described, schema),
        "required": parameter.get("required", False),
        "description": parameter.get("description", ""),
        "default": schema.get("default"),
    }


def _fields(described: Document, schema: Mapping[str, Any], path: str = "") -> Iterator[Document]:
    """The fields of an answer, those inside others after them: `results[].name`."""
    for name, field in _resolved(described, schema).get("properties", {}).items():
        inner = _resolved(described, field)
        listed = inner.get("type") == "array"
        here = f"{path}{name}{'[]' if listed else ''}"
        yield {"name": here, "type": _type(described, field), "description": field.get("description", "")}
        yield from _fields(described, inner["items"] if listed else inner, f"{here}.")


def _resolved(described: Document, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself, where it is a reference or a reference with more to it."""
    (reference,) = [part["$ref"] for part in [schema, *schema.get("allOf", [])] if "$ref" in part] or [None]
    return described["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema


def _type(described: Document, schema: Mapping[str, Any]) -> str:
    """In a few words: `integer`, `date or null`, `sku, family, all`."""
    inner = _resolved(described, schema)
    words = [str(word) for word in inner.get("enum", [])] or [inner.get("format") or inner.get("type", "")]
    return ", ".join(words) + (" / null" if schema.get("nullable") or inner.get("nullable") else "")
