"""``python -m mailkit_xmlrpc`` is the command ``mailkit-xmlrpc``."""

from .cli import main

main()
