"""`python -m config.languages gather`: catalogues up to date with the code; `compile`: as Django reads them."""

import argparse

from config.languages.catalogues import entries, read, renewed, texts, written
from config.languages.compiling import compile_all
from config.languages.gathering import gather
from config.languages.places import TRANSLATED, po_file


def main() -> None:
    """One of the two."""
    parser = argparse.ArgumentParser(prog="python -m config.languages")
    parser.add_argument("what", choices=["gather", "compile"])
    if parser.parse_args().what == "gather":
        gather_all()
    compile_all()


def gather_all() -> None:
    """Bring each language's catalogue up to date, and say how much of it is translated."""
    found = gather()
    for language in TRANSLATED:
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = renewed(read(path, language), found, language)
        path.write_text(written(catalogue), "utf-8")
        done = sum(all(texts(entry)) for entry in entries(catalogue))
        print(f"{language}: {done} of {len(found.messages)} texts translated")  # noqa: T201


if __name__ == "__main__":
    main()
