"""A delivery in one file: a table each as Parquet, a manifest that counts them, a signature over it.

The file is a ZIP that any program opens. What it says decides every byte of it: written again it has to be
the same, so nothing in it can be changed without being seen, not even what a ZIP carries beside its content.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lysglimt.knowledge.catalogue import compose
from lysglimt.knowledge.errors import Inconsistent, Misstated

from .code_book import code_book
from .findings import Row, validate_all
from .parquet import schema, written
from .refusals import PackageRefused, Reason
from .signing import signed

FORMAT = 1
MANIFEST, SIGNATURE, TABLES = "manifest.json", "manifest.sig", "tables/"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day that a ZIP knows: when a file was packed is no part of it."""
LARGEST = 1 << 30
"""Bytes. A larger file is refused before it is read. Own value."""
SHA256 = 64


@dataclass(frozen=True, slots=True)
class Kept:
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``version`` counts the deliveries of a unit from 1; ``previous`` is the digest of the one before.

    ``schema`` is a digest of the columns, ``since`` and ``until`` are the period, both days in it.
    """

    format: int
    code_book: int
    schema: str
    software: str
    unit: int
    legal_basis: str
    since: date
    until: date
    made_on: date
    version: int
    previous: str
    tables: Mapping[str, Kept]

    def __post_init__(self) -> None:
        if not self.since <= self.until <= self.made_on:
            raise Inconsistent("since, until, made_on: do not follow one another")
        if self.version < 1 or (self.version == 1) is not (self.previous == ""):
            raise Inconsistent("version, previous: the first has no previous, others have one")


@dataclass(frozen=True, slots=True)
class Said:
    """What a unit says of its delivery."""

    unit: int
    legal_basis: str
    since: date
    until: date
    made_on: date
    software: str


@dataclass(frozen=True, slots=True)
class Package:
    """``digest`` is of the whole file, and is its name."""

    manifest: Manifest
    said: bytes
    signature: bytes
    tables: Mapping[str, bytes]
    digest: str


def schema_digest() -> str:
    """Of names, kinds and order of all columns of the code book."""
    told = {
        name: [f"{one.name} {one.type}" for one in schema(name)] for name in code_book().tables
    }
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def submission(
    said: Said,
    tables: Mapping[str, Iterable[Row]],
    *,
    key: Ed25519PrivateKey,
    after: Package | None = None,
) -> bytes:
    """The file to send: the same rows, words and key are the same bytes.

    Raises PackageRefused when the rows do not agree with the code book: a unit puts them right
    before they leave. ``after`` is the delivery before this one.
    """
    whole = {name: list(tables.get(name, ())) for name in code_book().tables}
    strange = {name: rows for name, rows in tables.items() if name not in whole}
    if found := sum(1 for _ in validate_all({**whole, **strange})):
        raise PackageRefused(Reason.NOT_VALID, found=found)
    contents = {name: written(name, rows) for name, rows in whole.items()}
    manifest = Manifest(
        format=FORMAT,
        code_book=code_book().version,
        schema=schema_digest(),
        software=said.software,
        unit=said.unit,
        legal_basis=said.legal_basis,
        since=said.since,
        until=said.until,
        made_on=said.made_on,
        version=after.manifest.version + 1 if after else 1,
        previous=after.digest if after else "",
        tables={
            name: Kept(len(whole[name]), sha256(content).hexdigest())
            for name, content in contents.items()
        },
    )
    words = as_words(manifest)
    return packed(words, signed(key, words), contents)


def as_words(manifest: Manifest) -> bytes:
    told = json.dumps(asdict(manifest), sort_keys=True, indent=1, default=date.isoformat)
    return f"{told}\n".encode()


def packed(manifest: bytes, signature: bytes, tables: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as zipped:
        for name, content in (
            (MANIFEST, manifest),
            (SIGNATURE, signature),
            *((f"{TABLES}{name}.parquet", tables[name]) for name in sorted(tables)),
        ):
            one = ZipInfo(name, EPOCH)
            one.create_system, one.external_attr = 3, 0o644 << 16
            zipped.writestr(one, content)
    return file.getvalue()


def opened(content: bytes) -> Package:
    """What a file says of itself; whose signature it is, the node asks.

    Raises PackageRefused for what is no package, and for one that is not written as ours are.
    """
    if len(content) > LARGEST:
        raise PackageRefused(Reason.NOT_A_PACKAGE, found=f"{len(content)} > {LARGEST}")
    parts = _parts(content)
    words, signature = parts.pop(MANIFEST, b""), parts.pop(SIGNATURE, b"")
    manifest = _read(words)
    tables = {
        name.removeprefix(TABLES).removesuffix(".parquet"): one for name, one in parts.items()
    }
    if packed(words, signature, tables) != content:
        raise PackageRefused(Reason.TAMPERED, found="ZIP")
    held = {name: Kept(one.rows, one.sha256) for name, one in manifest.tables.items()}
    if held.keys() != tables.keys():
        raise PackageRefused(
            Reason.TAMPERED, found=", ".join(sorted(held.keys() ^ tables.keys()))
        )
    for name, one in tables.items():
        if sha256(one).hexdigest() != held[name].sha256:
            raise PackageRefused(Reason.TAMPERED, found=f"{name}.parquet")
    return Package(manifest, words, signature, tables, sha256(content).hexdigest())


def _parts(content: bytes) -> dict[str, bytes]:
    """Stored, never compressed: nothing unfolds into more than arrived."""
    try:
        with ZipFile(BytesIO(content)) as zipped:
            listed = zipped.infolist()
            if any(one.compress_type != ZIP_STORED or one.flag_bits & 1 for one in listed):
                raise PackageRefused(Reason.NOT_A_PACKAGE, found="ZIP")
            return {one.filename: zipped.read(one) for one in listed}
    except (BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as refusal:
        raise PackageRefused(Reason.NOT_A_PACKAGE, found="ZIP") from refusal


def _read(words: bytes) -> Manifest:
    try:
        stated = json.loads(words)
        manifest = compose(Manifest, stated, name=MANIFEST)
    except (ValueError, RecursionError, Misstated, Inconsistent) as refusal:
        raise PackageRefused(Reason.NOT_A_PACKAGE, found=str(refusal)) from refusal
    # Said in one way alone: else a package could be another and mean the same.
    if as_words(manifest) != words:
        raise PackageRefused(Reason.NOT_A_PACKAGE, found=MANIFEST)
    return manifest
