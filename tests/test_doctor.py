"""The doctor: it knows the broken package sets, tells one defect from another, and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import doctor

GOOD = {"prefect": "3.8.8", "fastapi": "0.150.0", "sqlalchemy": "2.0.58"}


@pytest.mark.parametrize(
    ("change", "statuses"),
    [
        ({}, ["ok"]),
        ({"fastapi": "0.151.0"}, ["error"]),
        ({"fastapi": "0.165.0", "sqlalchemy": "2.1.9"}, ["error", "error"]),
        ({"sqlalchemy": "2.1.0"}, ["error"]),
        ({"prefect": "3.9.1"}, ["warning"]),
    ],
)
def test_broken_prefect_sets(change: dict[str, str], statuses: list[str]) -> None:
    found = list(doctor.prefect_set((GOOD | change).get))
    assert [check.status for check in found] == statuses
    for check in found:
        assert (check.status == "ok") is (not check.remedy)


def test_the_installed_set_is_not_a_broken_one() -> None:
    """Fails with the reason when the environment has a set of versions with which Prefect is known to break."""
    for check in doctor.prefect_set(doctor.installed):
        assert check.status == "ok", f"{check.finding}; {check.remedy}"
    for check in doctor.packages():
        assert check.status == "ok", f"{check.finding}; {check.remedy}"


def test_both_argostranslate_distributions_at_once() -> None:
    light = {"argos-translate-lt": "1.12.1"}
    assert [check.status for check in doctor.argostranslate(light.get)] == ["ok"]
    both = next(doctor.argostranslate((light | {"argostranslate": "1.11.0"}).get))
    assert both.status == "error" and "uninstall" in both.remedy
    assert next(doctor.argostranslate({"argostranslate": "1.11.0"}.get)).status == "error"


def test_a_module_that_stands_in_for_the_standard_library(tmp_path: Path) -> None:
    (tmp_path / "requests").mkdir()
    (tmp_path / "typing_extensions.py").touch()
    (tmp_path / "email").mkdir()
    assert next(doctor.shadowed_modules([tmp_path, tmp_path / "none"])).status == "ok"
    (tmp_path / "argparse.py").touch()
    (tmp_path / "email" / "__init__.py").touch()
    check = next(doctor.shadowed_modules([tmp_path]))
    assert check.status == "warning" and "argparse.py, email" in check.finding and check.remedy == "pip uninstall argparse email"


def test_telemetry_that_is_on_is_named() -> None:
    assert [check.status for check in doctor.offline({})] == ["ok"]
    loud = next(doctor.offline({"PREFECT_SERVER_ANALYTICS_ENABLED": "true"}))
    assert loud.status == "warning" and "PREFECT_SERVER_ANALYTICS_ENABLED=true" in loud.finding
    assert [check.status for check in doctor.offline({"PREFECT_API_URL": "http://127.0.0.1:4200/api"})] == ["ok", "warning"]


def test_one_failing_check_does_not_end_the_others(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = {check.name: check for check in doctor.checks(tmp_path / "file" / "data", f"sqlite:///{tmp_path / 'file' / 'x.db'}")}
    assert found["store"].status == "error" and found["data folder"].status == "error"
    assert found["store"].remedy and found["names model"].status == found["lexicons"].status == found["gazetteer"].status == "ok"
    assert "SHA-256" in next(check.finding for check in doctor.names_model())
