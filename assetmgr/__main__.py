"""`python -m assetmgr` is the command line."""

from assetmgr.cli import main

main()
