"""Write the pinned requirements anew; `dev.py pin` runs this.

Every platform, every hash, no address of a registry. All files agree on a version: each is compiled
with the one before it as a constraint.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
ALONE = ("build", "freeze")
"""Extras whose file holds nothing but them: tools, not the program."""


def main() -> int:
    """Compile the files one after the other; return the first exit code that is not 0."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("Pinning needs uv: install it with `pipx install uv` and run the same line again.")
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--no-build", "--upgrade"]
    source = str(ROOT / "pyproject.toml")
    extras = ["--extra", "sign", "--extra", "test", "--extra", "check", "--extra", "build"]
    runtime = str(PACKAGING / "requirements.txt")
    signing = str(PACKAGING / "requirements-sign.txt")
    testing = str(PACKAGING / "requirements-test.txt")
    for words in (
        [source, "-o", runtime],
        [source, "--extra", "sign", "-c", runtime, "-o", signing],
        [source, *extras, "-c", signing, "-o", testing],
    ):
        code = subprocess.run([*command, *words], cwd=ROOT, check=False).returncode
        if code:
            return code
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for name in ALONE:
        # Through standard input, because uv cannot compile an extra without the project around it.
        done = subprocess.run(
            [*command, "-", "-c", testing, "-o", str(PACKAGING / f"requirements-{name}.txt")],
            cwd=ROOT,
            check=False,
            input="\n".join(project["optional-dependencies"][name]).encode(),
        )
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
