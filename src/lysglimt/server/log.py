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
    if request_id := circumstances().request_id:
        line["request_id"] = request_id
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


def without_request(_: WrappedLogger, __: str, line: Line) -> Line:
    """Django hands the request along with its warnings: it holds what was typed."""
    line.pop("request", None)
    return line


SHARED: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    with_request_id,
    bare_fault,
    without_request,
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
