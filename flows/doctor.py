"""Looks at everything a run needs and says what is missing, broken or known not to work together. It repairs nothing."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final, Literal

from flows.errors import one_line

Status = Literal["ok", "warning", "error"]

BROKEN_SETS: Final = (
    ("fastapi", ">=0.151", "Prefect crashes on the first flow (Body() got an unexpected keyword argument)"),
    ("sqlalchemy", ">=2.1", "Prefect's scheduler fails (Can't evaluate bulk DML statement): scheduled runs never start"),
    ("prefect", "!=3.8.8", "only Prefect 3.8.8 was tested with this FastAPI and SQLAlchemy"),
)
"""Package versions that do not work with the Prefect procnews is made for, and what happens with them."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `remedy` says what to do; empty when nothing is to be done."""

    name: str
    status: Status
    finding: str
    remedy: str = ""

    def as_json(self) -> dict[str, Any]:
        """The check as a JSON object."""
        return asdict(self)


def checks(data: Path, store: str) -> Iterator[Check]:
    """Every check, one after the other. A check that fails itself is an error, not the end."""
    looks: tuple[tuple[str, Callable[[], Iterator[Check]]], ...] = (
        ("python", python),
        ("packages", packages),
        ("prefect set", lambda: prefect_set(installed)),
        ("argostranslate", lambda: argostranslate(installed)),
        ("site-packages", lambda: shadowed_modules([Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("platlib"))])),
        ("names model", names_model),
        ("lexicons", lexicons),
        ("gazetteer", gazetteer),
        ("translation", translation),
        ("store", lambda: store_is_writable(store)),
        ("data folder", lambda: data_is_writable(data)),
        ("offline", lambda: offline(os.environ)),
    )
    for name, look in looks:
        try:
            yield from look()
        except Exception as error:
            yield Check(name, "error", one_line(error), "mend what the message names, then run `procnews doctor` again")


def installed(package: str) -> str | None:
    """The installed version of a package, or None."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def python() -> Iterator[Check]:
    """The interpreter."""
    yield Check("python", "ok", f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}")


def packages() -> Iterator[Check]:
    """Every requirement of procnews itself."""
    from packaging.requirements import Requirement

    wrong = []
    total = 0
    for line in metadata.requires("procnews") or []:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        total += 1
        version = installed(requirement.name)
        if version is None:
            wrong.append(f"{requirement.name} is not installed")
        elif not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} {version}, needed {requirement.specifier}")
    if wrong:
        yield Check("packages", "error", "; ".join(wrong), "install again: pip install procnews, or `make` in a checkout")
    else:
        yield Check("packages", "ok", f"{total} required packages as needed")


def prefect_set(version_of: Callable[[str], str | None]) -> Iterator[Check]:
    """The combination of Prefect, FastAPI and SQLAlchemy: some install cleanly and break at run time."""
    from packaging.specifiers import SpecifierSet

    found = {name: version_of(name) for name in ("prefect", "fastapi", "sqlalchemy")}
    shown = ", ".join(f"{name} {version or 'missing'}" for name, version in found.items())
    bad = False
    for name, broken, effect in BROKEN_SETS:
        version = found[name]
        if version is not None and SpecifierSet(broken).contains(version, prereleases=True):
            bad = True
            status: Status = "warning" if name == "prefect" else "error"
            remedy = "pip install 'prefect==3.8.8' 'fastapi<0.151' 'sqlalchemy<2.1'"
            yield Check("prefect set", status, f"{name} {version}: {effect}", remedy)
    if not bad:
        yield Check("prefect set", "ok", shown)


def argostranslate(version_of: Callable[[str], str | None]) -> Iterator[Check]:
    """The two distributions that both install the module `argostranslate`, and overwrite each other's files."""
    light, original = version_of("argos-translate-lt"), version_of("argostranslate")
    if light and original:
        remedy = "pip uninstall -y argostranslate argos-translate-lt && pip install argos-translate-lt==1.12.1"
        yield Check("argostranslate", "error", f"argostranslate {original} and argos-translate-lt {light} overwrite each other", remedy)
    elif light:
        yield Check("argostranslate", "ok", f"argos-translate-lt {light}")
    else:
        yield Check("argostranslate", "error", "argos-translate-lt is not installed", "pip install argos-translate-lt==1.12.1")


def shadowed_modules(folders: list[Path]) -> Iterator[Check]:
    """Files in site-packages with the name of a standard module; a tool that puts that folder first takes them for it."""
    names = sorted(
        {
            entry.name
            for folder in folders
            if folder.is_dir()
            for entry in folder.iterdir()
            if entry.stem in sys.stdlib_module_names and (entry.suffix == ".py" or (entry / "__init__.py").is_file())
        }
    )
    if names:
        finding = (
            f"{', '.join(names)} in site-packages can stand in for the standard library; Prefect's own server start fails with argparse.py"
        )
        yield Check("site-packages", "warning", finding, f"pip uninstall {' '.join(Path(name).stem for name in names)}")
    else:
        yield Check("site-packages", "ok", "nothing stands in for the standard library")


def names_model() -> Iterator[Check]:
    """The NER models of English and of the other languages; loading checks the weights' SHA-256."""
    from extractors import ner

    for language, what in (("en", "English"), ("mt", "languages without a model of their own")):
        name = ner.model_name(language)
        ner.load(name)
        checked = ", weights have the expected SHA-256" if name == ner.ENGLISH else ""
        yield Check("names model", "ok", f"{what}: {name}{checked}")


def lexicons() -> Iterator[Check]:
    """Every lexicon file."""
    from extractors import lexicon

    codes = lexicon.available()
    for code in codes:
        lexicon.load(code)
    if codes:
        yield Check("lexicons", "ok", f"{len(codes)}: {' '.join(codes)}")
    else:
        yield Check("lexicons", "error", "no lexicon is there", "install procnews again")


def gazetteer() -> Iterator[Check]:
    """The gazetteer: it opens and knows a capital."""
    from extractors.places.gazetteer import lookup

    found = lookup("Brussels", language="en")
    if found:
        yield Check("gazetteer", "ok", "opens, knows Brussels")
    else:
        yield Check("gazetteer", "error", "does not know Brussels", "install procnews again")


def translation() -> Iterator[Check]:
    """The translation packages installed."""
    from extractors.translation import installed_packages

    pairs = sorted(f"{package.from_code}-{package.to_code}" for package in installed_packages())
    if pairs:
        yield Check("translation", "ok", f"{len(pairs)} packages: {' '.join(pairs)}")
    else:
        yield Check(
            "translation",
            "warning",
            "no package; documents are read in their own language only",
            "see docs/operating.md, Translation packages",
        )


def store_is_writable(url: str) -> Iterator[Check]:
    """The store: it opens for writing. It is made if it is not there."""
    from flows.store import Store

    store = Store.open(url)
    counts = store.counts()
    store.close()
    yield Check("store", "ok", f"{counts.documents} documents, {counts.events} events, {counts.quarantined} in quarantine")


def data_is_writable(data: Path) -> Iterator[Check]:
    """The data folder takes files."""
    from flows.outputs import write_lines

    probe = data / ".doctor"
    write_lines(probe, ["writable"])
    probe.unlink()
    yield Check("data folder", "ok", str(data))


def offline(environment: dict[str, str] | os._Environ[str]) -> Iterator[Check]:
    """What the environment says about sending anything away; see flows.prefect_settings."""
    from flows.prefect_settings import OFFLINE, apply

    would_be = dict(environment)
    apply(Path(), would_be)
    loud = [f"{name}={would_be[name]}" for name, value in OFFLINE.items() if would_be[name].lower() != value]
    if loud:
        yield Check("offline", "warning", f"the environment turns Prefect's telemetry on: {', '.join(loud)}", "unset it")
    else:
        yield Check("offline", "ok", "Prefect's telemetry is off")
    if server := environment.get("PREFECT_API_URL"):
        yield Check("offline", "warning", f"flows run against the Prefect server {server}", "unset PREFECT_API_URL for a local run")
