"""What the server tells those who run it: JSON lines on standard error, and nobody's health."""

from collections.abc import MutableMapping
from logging.config import dictConfig
from traceback import extract_tb
from typing import Any

import structlog
from structlog.typing import Processor, WrappedLogger

from lysglimt.clinic.audit.circumstances import circumstances

Line = MutableMapping[str, Any]


def with_request_id(_: WrappedLogger, __: str, line: Line) -> Line:
    request = getattr(line.get("_record"), "request", None)
    known = getattr(request, "request_id", "") or circumstances().request_id
    if known:
        line["request_id"] = known
    return line


def bare_address(_: WrappedLogger, __: str, line: Line) -> Line:
    """Of a request its route: an address may hold what a hand mistyped into it."""
    record = line.get("_record")
    request = getattr(record, "request", None)
    if request is not None:
        route = request.resolver_match.route if request.resolver_match else "no such page"
        line["event"] = f"{getattr(record, 'status_code', '')} {request.method} {route}".strip()
    return line


def bare_fault(_: WrappedLogger, __: str, line: Line) -> Line:
    """Of an exception its kind and where it was; never its message, which may quote a row."""
    fault = line.pop("exc_info", None)
    if isinstance(fault, BaseException):
        fault = (type(fault), fault, fault.__traceback__)
    if isinstance(fault, tuple) and fault[0]:
        line["fault"] = fault[0].__qualname__
        line["at"] = [f"{f.filename}:{f.lineno} {f.name}" for f in extract_tb(fault[2])[-12:]]
    return line


SHARED: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    with_request_id,
    bare_address,
    bare_fault,
]


def logging(*, debug: bool) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "INFO" if debug else "WARNING"},
        "loggers": {"lysglimt": {"level": "INFO"}, "django": {"level": "WARNING"}},
    }


def configure(config: dict[str, Any]) -> None:
    """Django calls it once, at start."""
    dictConfig(config)
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
