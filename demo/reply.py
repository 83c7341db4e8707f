"""What an endpoint hands back to the HTTP layer, and what it is asked."""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: dict = field(default_factory=dict)


@dataclass
class Request:
    path: str
    query: str
    headers: object
    base: str  # scheme and host that the client used

    def __post_init__(self):
        self.args = parse_qs(self.query, keep_blank_values=True)

    def get(self, name, default=None):
        return self.args[name][-1] if name in self.args else default

    def all(self, *names):
        return [v for name in names for v in self.args.get(name, [])]

    def number(self, name, default):
        try:
            return int(self.get(name, default))
        except (TypeError, ValueError):
            return default


def as_json(value, status=200, **headers):
    return Reply(status, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), headers={k.replace("_", "-"): v for k, v in headers.items()})
