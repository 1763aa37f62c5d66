"""What menus and software centres of Linux read: valid, and of this program."""

import ast
import configparser
import shutil
import subprocess
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

MAIN_CATEGORIES = {"AudioVideo", "Education", "Graphics", "Science", "Utility"}


@pytest.fixture
def folder(repository: Path) -> Path:
    return repository / "packaging" / "linux"


@pytest.fixture
def entry(folder: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys are case-sensitive
    parser.read(folder / "proofreel.desktop", "utf-8")
    assert parser.sections() == ["Desktop Entry"]
    return parser["Desktop Entry"]


@pytest.fixture
def component(folder: Path) -> ET.Element:
    return ET.parse(folder / "proofreel.metainfo.xml").getroot()


def values(component: ET.Element, path: str) -> list[str]:
    return [element.text or "" for element in component.findall(path)]


def listed(text: str) -> list[str]:
    assert text.endswith(";")
    return text.rstrip(";").split(";")


def test_the_menu_starts_the_command_the_wheel_installs(
    repository: Path, entry: configparser.SectionProxy
) -> None:
    scripts = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"][
        "scripts"
    ]
    assert entry["Type"] == "Application"
    assert entry["Exec"] in scripts
    assert entry["TryExec"] == entry["Exec"]
    assert entry["Terminal"] == "false"


def test_windows_are_matched_to_the_menu_entry(
    repository: Path, folder: Path, entry: configparser.SectionProxy
) -> None:
    tree = ast.parse((repository / "desktop" / "ui" / "launch.py").read_text("utf-8"))
    told = [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "setDesktopFileName"
    ]
    assert told == [entry["StartupWMClass"]]
    assert (folder / f"{told[0]}.desktop").is_file()


def test_the_icon_is_a_drawing_of_its_name(
    repository: Path, entry: configparser.SectionProxy
) -> None:
    icon = ET.parse(repository / "resources" / "icons" / f"{entry['Icon']}.svg").getroot()
    assert icon.tag == "{http://www.w3.org/2000/svg}svg"
    assert icon.get("width") == icon.get("height")


def test_it_stands_once_in_the_menu(entry: configparser.SectionProxy) -> None:
    assert len(MAIN_CATEGORIES & set(listed(entry["Categories"]))) == 1


def test_no_file_type_is_claimed_that_the_command_does_not_open(
    entry: configparser.SectionProxy,
) -> None:
    opens_files = any(field in entry["Exec"] for field in ("%f", "%F", "%u", "%U"))
    assert ("MimeType" in entry) == opens_files


def test_the_software_centre_shows_the_program_of_the_menu(
    component: ET.Element, entry: configparser.SectionProxy
) -> None:
    assert component.get("type") == "desktop-application"
    assert values(component, "id") == values(component, "launchable") == ["proofreel.desktop"]
    assert values(component, "name") == [entry["Name"]]
    assert values(component, "provides/binary") == [entry["Exec"]]
    assert values(component, "icon") == [entry["Icon"]]
    assert values(component, "categories/category") == listed(entry["Categories"])
    assert set(values(component, "keywords/keyword")) <= set(listed(entry["Keywords"]))


def test_the_software_centre_shows_the_licence_of_the_project(
    repository: Path, component: ET.Element
) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    assert values(component, "project_license") == [project["license"]]
    assert values(component, "metadata_license") == ["CC0-1.0"]


def test_the_summary_fits_one_line(component: ET.Element) -> None:
    (summary,) = values(component, "summary")
    assert 10 <= len(summary) <= 35
    assert not summary.endswith(".")
    assert values(component, "description/p")


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-utils")
def test_the_desktop_file_is_valid(folder: Path) -> None:
    command = ["desktop-file-validate", str(folder / "proofreel.desktop")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="appstream")
def test_the_metainfo_is_valid(folder: Path) -> None:
    command = ["appstreamcli", "validate", "--no-net", "--no-color"]
    command += ["--override=cid-desktopapp-is-not-rdns=info"]
    done = subprocess.run(
        [*command, folder / "proofreel.metainfo.xml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
