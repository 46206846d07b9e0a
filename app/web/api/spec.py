"""The description of the API: OpenAPI 3.1 at `/api/openapi.json`, with every refusal of every operation.

It is open to anyone: it is the same in every installation, holds no data of any, and what generates clients or checks
them has no account.
"""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from app.web.api.shapes import CamundaError, Problem
from app.web.credentials import MODELER
from app.web.problems import MEDIA_TYPE

PATH = "/api/openapi.json"
TAKES_FILES = frozenset({"api_modeler.deploy", "api_files.upload"})
ALWAYS = {401: "No token, no session", 403: "Not this person's to do", 405: "Not this method", 429: "Too many calls"}
ALWAYS |= {503: "The database is busy or out of reach; nothing was changed"}
WITH_QUERY = {422: "The question is not right; `findings` names each field"}
WITH_NAME = {
    404: "There is nothing here that this person can see",
    409: "Somebody was faster, or the matter has moved on; `detail` says who and when",
}
WITH_BODY = {
    **WITH_NAME,
    400: "The body is no JSON object, or the page's token is missing beside a session",
    413: "Too large",
    415: "Not this kind of content",
    422: "Not complete or not right; `findings` names each field",
}
SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "A person's own token, made on the page 接口令牌."},
    "password": {"type": "http", "scheme": "basic", "description": "User name, and the token as password."},
    "session": {"type": "apiKey", "in": "cookie", "name": "duban", "description": "As pages do; X-CSRFToken to write."},
}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Made by the client for each request; the same again changes nothing and gets the same answer.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
}
TITLE, VERSION = "Duban", "1"
DESCRIPTION = (
    "Cases, tasks and definitions of a justice bureau's law-enforcement supervisors. Everything goes through the "
    "rights of the person who asks, read again in the transaction of each change; for what one may not see the "
    "answer is 404. Texts are in the language of Accept-Language (zh, en). See docs/guides/api.md."
)


def describe(app: APIFlask) -> None:
    """Say how the description is made; APIFlask's own guesses at errors are switched off."""
    session = SECURITY["session"] | {"name": app.config["SESSION_COOKIE_NAME"]}
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION=DESCRIPTION,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_404_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_OPERATION_ID=True,
        AUTO_SERVERS=False,
        SECURITY_SCHEMES=SECURITY | {"session": session},
        VALIDATION_ERROR_STATUS_CODE=422,
    )
    app.spec_callback = completed


def completed(made: dict[str, Any]) -> dict[str, Any]:
    """Every operation with its refusals, its ways of signing in, and the key of what it changes."""
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for model in (Problem, CamundaError):
        template = f"#/components/schemas/{model.__name__}.{{model}}"
        schema = model.model_json_schema(ref_template=template)
        schemas |= {f"{model.__name__}.{name}": inner for name, inner in schema.pop("$defs", {}).items()}
        schemas[model.__name__] = schema
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return made


def _say_when_again(operation: dict[str, Any]) -> None:
    for status in ("429", "503"):
        operation["responses"][status]["headers"] = {"Retry-After": {"schema": {"type": "string"}}}


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    modeler = path.startswith(MODELER)
    refusals = dict(ALWAYS)
    if "{" in path:
        refusals |= WITH_NAME
    if any(one["in"] == "query" for one in operation.get("parameters", ())):
        refusals |= WITH_QUERY
    if method != "get":
        refusals |= WITH_BODY
    if multipart := operation.pop("x-multipart", None):
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": multipart}}}
    if method == "post":
        operation.setdefault("parameters", []).append(KEY)
    if modeler:
        refusals[400] = "What was sent cannot be used"
        refusals.pop(422, None)
    for status, said in refusals.items():
        operation["responses"].setdefault(str(status), _response(said, modeler=modeler))
    _say_when_again(operation)
    operation["security"] = [{name: []} for name in SECURITY]


def _response(said: str, *, modeler: bool) -> dict[str, Any]:
    media, model = ("application/json", CamundaError) if modeler else (MEDIA_TYPE, Problem)
    return {"description": said, "content": {media: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}}
