"""Command `sbom`: what the program is made of, as CycloneDX 1.6 in JSON.

The same pins give the same bytes: no date, and a serial number that is made from the content. Runs
in `build/venv`, which has OWASP's own library for the format.
"""

from __future__ import annotations

import json
import uuid

import made_of
from build_place import NAME, PACKAGING, BuildError, version
from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

SBOM = PACKAGING / "sbom.cdx.json"
_UNKNOWN = ("NOASSERTION", "NONE", "UNKNOWN")


def text() -> str:
    """Return the bill of materials as it must be."""
    licences = LicenseFactory()
    bom = Bom()
    program = Component(
        name=NAME,
        version=version(),
        type=ComponentType.APPLICATION,
        licenses=[licences.make_from_string("MIT")],
        bom_ref=NAME,
    )
    bom.metadata.component = program
    parts = []
    for one in made_of.components():
        marked = [Property(name="cdx:python:marker", value=one.only_where)]
        part = Component(
            name=one.name,
            version=one.version or None,
            type=ComponentType.LIBRARY,
            licenses=[licences.make_from_string(one.licence)],
            # A wheel of each system has a hash of its own; pip was told all of them.
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in one.hashes[:1]]
            if len(one.hashes) == 1
            else None,
            purl=PackageURL("pypi", name=one.name, version=one.version) if one.version else None,
            properties=marked if one.only_where else None,
            bom_ref=f"{one.name}@{one.version}" if one.version else one.name,
        )
        bom.components.add(part)
        parts.append(part)
    bom.register_dependency(program, parts)
    told = json.loads(make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string())
    del told["metadata"]["timestamp"]
    del told["serialNumber"]
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(told, sort_keys=True))
    told["serialNumber"] = f"urn:uuid:{serial}"
    return json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def run(_words: list[str]) -> int:
    """Write the bill of materials anew."""
    SBOM.write_text(text(), "utf-8", newline="\n")
    print(f"{SBOM}: {len(json.loads(SBOM.read_text('utf-8'))['components'])} components")
    return 0


def refuse_stale() -> None:
    """Raise BuildError where the file is not that of the pins, is invalid, or leaves a gap."""
    if not SBOM.is_file() or SBOM.read_text("utf-8") != text():
        raise BuildError(
            "packaging/sbom.cdx.json is not that of the pinned libraries: run "
            "`python packaging/build.py sbom` and commit the file."
        )
    for part in json.loads(SBOM.read_text("utf-8"))["components"]:
        told = json.dumps(part.get("licenses", [])).upper()
        if ('"ID"' not in told and '"EXPRESSION"' not in told) or any(w in told for w in _UNKNOWN):
            raise BuildError(
                f"{part['name']} has no licence that SPDX knows: correct licences.toml."
            )
