"""Run as a module with the name of another: Django is started, then that one is loaded and run.

It finds the words that follow as if it had been run itself.
"""

import sys
from importlib import import_module

from .starting import start


def main() -> None:
    start()
    import_module(sys.argv.pop(1)).main()


if __name__ == "__main__":
    main()
