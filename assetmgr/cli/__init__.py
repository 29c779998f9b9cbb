"""The command line: parse, call a service, answer. Exit status 0 done, 1 refused with reasons, 2 wrong usage."""

from assetmgr.cli.main import main

__all__ = ["main"]
