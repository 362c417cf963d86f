"""How an operation is described: its name, its answers, and the refusals any of them may answer with."""

from web.api.shapes import Problem

#: 400 no JSON, 401 no token, 403 not within it, 404 not there or not within it, 409 and 422 cannot be stored as it is,
#: 429 too many in this minute.
_REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), Problem)


def described(name: str, summary: str, answers: dict) -> dict:
    """What a router's decorator is told of an operation. `name` is that of its address and in the description."""
    return {"url_name": name, "operation_id": name, "summary": summary, "response": {**answers, **_REFUSALS}}
