"""Write what wixl makes an MSI from: one component for each file, with names that never change.

For administrators: it installs for everybody on a computer, without a question. A component has the
same GUID in every version as long as its file has the same path, which is what Windows Installer's
rules ask for.
"""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from xml.etree import ElementTree as ET

import build_place

UPGRADE_CODE = "6B0C2F4E-6C5B-4D0B-9C0B-3D2C5E0A7F11"
"""Never to be changed: by it a newer version finds the older one."""
NAMESPACE = uuid.UUID("d1f8a2c6-52f3-4d1e-8f5e-0e6a7f0b9c34")
ICON = build_place.PACKAGING / "windows" / f"{build_place.NAME}.ico"
EXE = f"{build_place.NAME}.exe"
EXTENSION = ".incidents"
"""The ending of a package of incidents that a double click opens."""
PROGID = "IncidentDesk.Package"
LINK = "program_link"
_WIX = "http://schemas.microsoft.com/wix/2006/wi"


def guid(subject: str) -> str:
    """Return the GUID that a subject always has."""
    return str(uuid.uuid5(NAMESPACE, subject)).upper()


def _id(prefix: str, name: Path) -> str:
    return f"{prefix}_{uuid.uuid5(NAMESPACE, name.as_posix().casefold()).hex}"


def make(payload: Path, files: list[Path], version: str, target: Path, scratch: Path) -> None:
    """Build the MSI. wixl finds files beside its source only, so they are brought there."""
    (scratch / "files").symlink_to(payload.absolute())
    shutil.copy(ICON, scratch / ICON.name)
    source = scratch / "incident-desk.wxs"
    tree = ET.ElementTree(document(files, version))
    tree.write(source, encoding="utf-8", xml_declaration=True)
    build_place.output(["wixl", "--arch", "x64", "--output", str(target), source.name], cwd=scratch)
    table = scratch / "MsiShortcutProperty.idt"
    table.write_text(shortcut_property(), "ascii")
    build_place.output(["msibuild", str(target), "-i", str(table)])


def shortcut_property() -> str:
    """Return the table, which wixl cannot write, that puts the program's name on its link.

    With it a notification of the program and a pinned window find the link (Microsoft's page
    "MsiShortcutProperty Table"; msitools calls the format IDT).
    """
    lines = [
        ("MsiShortcutProperty", "Shortcut_", "PropertyKey", "PropVariantValue"),
        ("s72", "s72", "s255", "s255"),
        ("MsiShortcutProperty", "MsiShortcutProperty"),
        ("program_link_name", LINK, "System.AppUserModel.ID", build_place.app_user_model_id()),
    ]
    return "".join("\t".join(line) + "\r\n" for line in lines)


def document(files: list[Path], version: str) -> ET.Element:
    """Return the description of the installer."""
    wix = ET.Element("Wix", {"xmlns": _WIX})
    product = _add(
        wix,
        "Product",
        Id=guid(f"product {version}"),
        Name=build_place.TITLE,
        Language="1033",
        Codepage="1252",
        Version=version,
        Manufacturer=build_place.TITLE,
        UpgradeCode=UPGRADE_CODE,
    )
    _add(
        product,
        "Package",
        InstallerVersion="500",
        Compressed="yes",
        InstallScope="perMachine",
        Description=f"{build_place.TITLE} {version}",
        Manufacturer=build_place.TITLE,
    )
    _add(
        product,
        "MajorUpgrade",
        DowngradeErrorMessage="A newer version of Incident Desk is installed. Remove it first if "
        "you want to go back.",
    )
    _add(product, "Media", Id="1", Cabinet="program.cab", EmbedCab="yes")
    _add(product, "Icon", Id="program.ico", SourceFile=ICON.name)
    _add(product, "Property", Id="ARPPRODUCTICON", Value="program.ico")
    _add(product, "Property", Id="ARPNOMODIFY", Value="1")
    root = _add(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    programs = _add(root, "Directory", Id="ProgramFiles64Folder")
    home = _add(programs, "Directory", Id="INSTALLDIR", Name=build_place.TITLE)
    menu = _add(root, "Directory", Id="ProgramMenuFolder")
    feature = _add(product, "Feature", Id="Program", Title=build_place.TITLE, Level="1")
    folders = {Path(): home}
    for name in files:
        component = _add(
            _folder(folders, name.parent),
            "Component",
            Id=_id("c", name),
            Guid=guid(f"component {name.as_posix().casefold()}"),
            Win64="yes",
        )
        source = f"files/{name.as_posix()}"
        _add(component, "File", Id=_id("f", name), Name=name.name, Source=source, KeyPath="yes")
        _add(feature, "ComponentRef", Id=_id("c", name))
    shell = _add(home, "Component", Id="shell", Guid=guid("component of the shell"), Win64="yes")
    _registered(shell, _id("f", Path(EXE)))
    _add(feature, "ComponentRef", Id="shell")
    linked = _add(menu, "Component", Id="menu", Guid=guid("component of the menu"), Win64="yes")
    _add(
        linked,
        "Shortcut",
        Id=LINK,
        Directory="ProgramMenuFolder",
        Name=build_place.TITLE,
        Target=f"[INSTALLDIR]{EXE}",
        WorkingDirectory="INSTALLDIR",
        Icon="program.ico",
    )
    _value(linked, f"Software\\{build_place.TITLE}", "StartMenu", "1", key_path=True)
    _add(feature, "ComponentRef", Id="menu")
    return wix


def _registered(component: ET.Element, exe: str) -> None:
    classes = "Software\\Classes"
    opened = f'"[#{exe}]" "%1"'
    _value(component, f"Software\\{build_place.TITLE}", "InstallDir", "[INSTALLDIR]", key_path=True)
    _value(component, f"{classes}\\incident-desk", "", f"URL:{build_place.TITLE}")
    _value(component, f"{classes}\\incident-desk", "URL Protocol", "")
    _value(component, f"{classes}\\incident-desk\\DefaultIcon", "", f"[#{exe}],0")
    _value(component, f"{classes}\\incident-desk\\shell\\open\\command", "", opened)
    _value(component, f"{classes}\\{EXTENSION}", "", PROGID)
    _value(component, f"{classes}\\{PROGID}", "", f"{build_place.TITLE} package")
    _value(component, f"{classes}\\{PROGID}\\DefaultIcon", "", f"[#{exe}],0")
    _value(component, f"{classes}\\{PROGID}\\shell\\open\\command", "", opened)


def _value(
    component: ET.Element, key: str, name: str, value: str, *, key_path: bool = False
) -> None:
    more = {"Name": name} if name else {}
    if key_path:
        more["KeyPath"] = "yes"
    _add(component, "RegistryValue", Root="HKLM", Key=key, Type="string", Value=value, **more)


def _folder(folders: dict[Path, ET.Element], name: Path) -> ET.Element:
    if name not in folders:
        above = _folder(folders, name.parent)
        folders[name] = _add(above, "Directory", Id=_id("d", name), Name=name.name)
    return folders[name]


def _add(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, attributes)
