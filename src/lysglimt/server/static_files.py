"""Style sheets and scripts under hashed names, also where one script of ours asks for another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTED = (
    r"""(?P<matched>import(?P<import>[\s\{][^;]*?)\s*from\s*["'](?P<url>\./[^"']+)["'];)"""
)


class HashedFiles(CompressedManifestStaticFilesStorage):
    """What a browser keeps for when the network is gone is asked for by the name it is kept under."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("chairside/*.js", ((IMPORTED, 'import%(import)s from "%(url)s";'),)),
    )
