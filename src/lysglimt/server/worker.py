"""The application in a process that serves, and the one who chains the trail beside it."""

from .sealer import Sealer
from .wsgi import application

__all__ = ["application"]

Sealer().start()
