"""``fetch:`` of a source file: which API, which query, how it pages, what it may cost. All of it data.

Times are seconds, sizes bytes. The reference page with an example of each API is ``docs/apis.md``.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator, model_validator

from ingest.fetch.schedule import checked_schedule
from ingest.messages import MessageOptions

Api = Literal[
    "sdmx-ml", "sdmx-csv", "sdmx-json", "json-stat", "pxweb", "ckan", "socrata", "world-bank", "dhis2-values",
    "dhis2-analytics", "odata", "json", "pandas-table", "csv",
]  # fmt: skip
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ENVIRONMENT_NAME = r"^[A-Z][A-Z0-9_]*$"
#: Parameters and headers that carry secrets by habit: such a value does not belong into a file.
SECRET_NAME = re.compile(r"(api[-_]?key|token|secret|passw|authorization|cookie|app_token)", re.IGNORECASE)


class FetchModel(BaseModel):
    """Part of ``fetch:``. Unknown keys are refused, so that a misspelt one is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _as_texts(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


Text = Annotated[str, BeforeValidator(_as_text), WithJsonSchema({"type": ["string", "number", "boolean"]})]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_texts), Field(min_length=1)]


class NoPaging(FetchModel):
    """The answer comes in one piece."""

    by: Literal["none"] = "none"


class PageNumber(FetchModel):
    """Pages 1, 2, 3 …, until all announced records came, or a page is empty."""

    by: Literal["page"]
    parameter: str = "page"
    first: int = Field(1, ge=0)
    size_parameter: str | None = None
    size: int | None = Field(None, ge=1)
    pages: str | None = Field(None, description="Where the message says how many pages there are.")


class Offset(FetchModel):
    """From record 0, then from as many as came, until all announced records came, or a page is empty."""

    by: Literal["offset"]
    parameter: str = "offset"
    limit_parameter: str = "limit"
    limit: int = Field(1000, ge=1)


class NextLink(FetchModel):
    """The address of the next page stands in the message (``path``) or in the HTTP header Link (rel="next")."""

    by: Literal["next_link"]
    path: str | None = Field(None, description="Where the link stands in the message; default: the HTTP header Link.")


class NextCursor(FetchModel):
    """A mark in the message is sent back for the next page. ``resumption``: it alone, without the other parameters."""

    by: Literal["cursor", "resumption"]
    parameter: str = "cursor"
    path: str = Field(description="Where the mark stands; there is no next page where it is absent, null or empty.")
    more: str | None = Field(None, description="Where the message says true as long as there are more pages.")


Paging = Annotated[NoPaging | PageNumber | Offset | NextLink | NextCursor, Field(discriminator="by")]


class Incremental(FetchModel):
    """Only what changed: since the last fetch by a parameter of the API, or by HTTP's own conditional requests."""

    by: Literal["parameter", "conditional"] = "conditional"
    parameter: str | None = Field(None, description="Name of the parameter; default: that of the API (updatedAfter …).")
    format: Literal["datetime", "date"] = "datetime"
    template: str | None = Field(None, description="Value of the parameter with {since}, e.g. «updated ge {since}».")
    overlap_seconds: int = Field(3600, ge=0, description="How far before the last fetch to ask from.")
    full_after_days: int | None = Field(30, ge=1, description="Fetch everything again after so long; null: never.")


class Credentials(FetchModel):
    """Names of environment variables that hold the secrets, and where they go. Secrets themselves stand nowhere."""

    header: str | None = Field(None, description="Send in this header, e.g. Authorization or X-App-Token.")
    scheme: str | None = Field(None, description="Word before it, e.g. Bearer or ApiToken.")
    parameter: str | None = Field(None, description="Send as this parameter of the address; a header is better.")
    env: str | None = Field(None, pattern=ENVIRONMENT_NAME, description="Variable that holds the key or token.")
    user_env: str | None = Field(
        None, pattern=ENVIRONMENT_NAME, description="Basic authentication: variable of the user."
    )
    password_env: str | None = Field(None, pattern=ENVIRONMENT_NAME, description="… and variable of the password.")

    @model_validator(mode="after")
    def _one_way(self) -> Credentials:
        basic = self.user_env is not None and self.password_env is not None
        keyed = self.env is not None and (self.header is None) != (self.parameter is None)
        if basic == keyed or (basic and (self.env or self.header or self.parameter)):
            raise ValueError("give env with header or parameter, or else user_env and password_env")
        return self


class Limits(FetchModel):
    """What a fetch may take. It stops with an error at each, and what was landed stays."""

    connect_seconds: float = Field(10, gt=0)
    read_seconds: float = Field(60, gt=0, description="Longest silence of the server.")
    total_seconds: float = Field(3600, gt=0)
    response_bytes: int = Field(256 * 1024**2, gt=0, description="Of one response, unpacked.")
    total_bytes: int = Field(2 * 1024**3, gt=0)
    pages: int = Field(10_000, ge=1)
    attempts: int = Field(5, ge=1, le=20, description="Of one request, where the failure may pass.")
    backoff_seconds: float = Field(
        1, ge=0, description="Wait before the second attempt; doubled before each further one."
    )
    longest_wait_seconds: float = Field(300, ge=0, description="Longer waits that a server asks for end the fetch.")
    requests_per_minute: float | None = Field(None, gt=0)


class FetchSpec(FetchModel):
    """Where a source comes from, if an API has it."""

    api: Api = Field(description="Kind of API; it decides how the answer is read and what is usual.")
    url: str = Field(description="Address, without secrets. {name} is filled from `each`.")
    parameters: dict[str, Texts] = Field(default_factory=dict, description="Query parameters; a list repeats one.")
    headers: dict[str, Text] = Field(default_factory=dict, description="Further request headers, without secrets.")
    body: dict[str, Any] | None = Field(None, description="JSON to POST (PxWeb queries); default: GET.")
    each: dict[str, Texts] = Field(default_factory=dict, description="Ask once for each value (or combination).")
    structures: tuple[str, ...] = Field(
        (), description="Addresses of structure messages (SDMX), for labels and checks."
    )
    message: MessageOptions = Field(default_factory=MessageOptions, description="How the answer is read.")
    paging: Paging | None = Field(None, description="Default: that of the API.")
    incremental: Incremental | None = Field(None, description="Default: everything, each time.")
    credentials: Credentials | None = None
    limits: Limits = Field(default_factory=Limits)
    schedule: str | None = Field(
        None, description="When to fetch: cron with five fields, in the workspace's time zone."
    )

    @model_validator(mode="after")
    def _safe(self) -> FetchSpec:
        for address in (self.url, *self.structures):
            _check_address(address, secret=self.credentials is not None)
        named = [*self.parameters, *self.headers]
        secrets = [name for name in named if SECRET_NAME.search(name)]
        if secrets:
            raise ValueError(
                f"{', '.join(secrets)}: secrets are given by the environment; name the variable in credentials"
            )
        unknown = set(re.findall(r"{(\w+)}", self.url)) - set(self.each)
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))}: not in each")
        return self

    @field_validator("schedule")
    @classmethod
    def _schedule_can_be_kept(cls, value: str | None) -> str | None:
        return checked_schedule(value) if value is not None else None


def _check_address(address: str, *, secret: bool) -> None:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"not an http or https address: {address}")
    if parts.username or parts.password:
        raise ValueError("the address must not hold a user or password; use credentials")
    if secret and parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("credentials are sent over https only")
