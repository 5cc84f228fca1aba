"""`python -m sanctions_clf`."""

from sanctions_clf.cli import main

main(prog_name="sanctions-clf")
