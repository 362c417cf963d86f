"""What a programmer has to know to use the API, on one page: made from its OpenAPI description, so it says no other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from gis.accounts.scope import Scope
from gis.incidents.step import Act
from gis.models import Area, Category
from web.api import telling
from web.api.api import api
from web.api.problems import problem

#: What each operation does, in the words of the page's reader; by the name of its address.
_WORDS = {
    "categories": _("在用的类别及其时限。"),
    "cases": _("事件，最新的在前；按状态、辖区、超时筛选，翻页用 next。"),
    "search": _("按全部条件查找事件；要找的文字放在正文里，不写进网址。"),
    "file": _("上报一件。Idempotency-Key 由发送方生成：网络中断后用同一个再发，只会登记一次。"),
    "case": _("一件事件：步骤、照片、承办、现在可以做什么。ETag 是它的修订号。"),
    "steps": _("一件事件的全部流转记录。"),
    "comments": _("内部备注和公开答复。"),
    "comment": _("写内部备注，或公开答复上报人。"),
    "moves": _("办理一步：受理、派遣、处置、核查、结案……If-Match 写看到的修订号；别人先办了就回答 412，附上所做的。"),
    "add-photos": _("补充照片，可随同一步办理一起提交。"),
    "photo": _("一张照片。"),
}  # fmt: skip


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The page. It tells names of fields and no data, so it needs no signing in."""
    described = api.get_openapi_schema()
    parts = described["components"]["schemas"]
    operations = [
        _told(path, verb, operation, parts)
        for path, verbs in described["paths"].items()
        for verb, operation in verbs.items()
    ]
    context = {"operations": operations, "acts": Act.choices, "example": _example(request)}
    return render(request, "web/api_docs.html", context)


@csrf_exempt
def nothing(request: HttpRequest, url: str) -> HttpResponse:
    """An address that the API does not have, said as the API says things."""
    return problem(404, _("没有这个地址。"), _("接口说明在 /api/v1/docs。"))


def _example(request: HttpRequest) -> dict:
    """What the examples name: a category in use and, to whoever has signed in, a community of theirs."""
    scope = request.user.access.which("area.read") if request.user.is_authenticated else Scope(())
    community = Area.objects.filter(scope.q("code"), level="community").order_by("code").first()
    category = Category.objects.filter(kind="community", retired=False).order_by("code").first()
    return {
        "area": community.code if community else "…",
        "category": telling.code_of(category) if category else "…",
    }


def _told(path: str, verb: str, operation: dict, parts: dict) -> dict:
    name = operation["operationId"]
    return {
        "path": path,
        "verb": verb.upper(),
        "name": name,
        "summary": _WORDS.get(name, operation["summary"]),
        "parameters": [_parameter(one) for one in operation.get("parameters", ())],
        "body": _fields(operation.get("requestBody", {}).get("content", {}), parts),
        "answer": _answer(operation["responses"], parts),
    }


def _parameter(one: dict) -> dict:
    schema = one["schema"]
    return {"name": one["name"], "kind": _kind(schema), "where": one["in"], "required": one.get("required", False),
            "note": one.get("description") or schema.get("description", "")}  # fmt: skip


def _fields(content: dict, parts: dict) -> list[dict]:
    """The fields of a body, JSON or form."""
    for media in content.values():
        schema = _resolved(media["schema"], parts)
        required = schema.get("required", ())
        return [
            {"name": name, "kind": _kind(one), "required": name in required, "note": one.get("description", "")}
            for name, one in schema.get("properties", {}).items()
        ]
    return []


def _answer(responses: dict, parts: dict) -> dict:
    status = next(code for code in map(str, responses) if code.startswith("2"))
    content = responses[status if status in responses else int(status)].get("content", {})
    return {"status": status, "fields": _fields(content, parts)}


def _resolved(schema: dict, parts: dict) -> dict:
    reference = schema.get("$ref", "")
    return parts[reference.rpartition("/")[2]] if reference else schema


def _kind(schema: dict) -> str:
    """What a field holds, in a word: `string`, `date-time`, `[string]`, the values of a choice."""
    if "enum" in schema:
        return " · ".join(map(str, schema["enum"]))
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        return " / ".join(_kind(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    return schema.get("format") or schema.get("type", "")
