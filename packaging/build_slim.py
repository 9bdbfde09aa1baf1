"""What the frozen program carries and what it leaves out, by the paths inside its folder.

Three reasons to leave a file out: nothing uses it, its licence is the GPL alone (the program is MIT
and may be built into closed things), or every system that the package is for has it and keeps it
safe (OpenSSL, the libraries of X11). `build.py check` looks for the second kind once more.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HIDDEN_IMPORTS = [
    "keyring.backends.SecretService",
    "keyring.backends.Windows",
    "keyring.backends.macOS",
    "psycopg_binary",
    "psycopg_binary._psycopg",
]
EXCLUDED_MODULES = [
    *("tkinter", "turtle", "idlelib", "lib2to3", "ensurepip", "distutils", "pydoc_data"),
    *("setuptools", "pkg_resources", "pip", "wheel", "PyInstaller", "pytest", "_pytest"),
    *(
        "readline",
        "_gdbm",
        "_dbm",
        "curses",
        "_curses",
        "_curses_panel",
        "_tkinter",
    ),  # GPL or unused
    *("sqlite3", "_sqlite3", "numpy", "IPython"),
    *("lxml.isoschematron", "lxml.objectify", "lxml.html", "lxml.sax", "lxml.cssselect"),
    *("PIL.ImageTk", "PIL.ImageQt", "PIL._avif", "PIL.AvifImagePlugin", "PIL._imagingtk"),
    # Writing into pictures and colours by profile: nothing here does, and HarfBuzz comes with it.
    *("PIL._imagingft", "PIL._imagingcms", "PIL.ImageCms"),
    *("aiohttp.test_utils", "aiohttp.pytest_plugin"),
    # pyHanko imports aiohttp and fetches nothing here: its compiled parts only make it faster.
    *("aiohttp._http_parser", "aiohttp._http_writer"),
    *("aiohttp._websocket.mask", "aiohttp._websocket.reader_c"),
    *("cffi", "pycparser"),  # cryptography needs the compiled part alone
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtOpenGL", "PySide6.QtTest", "PySide6.QtSql"),
]
REPLACEABLE = ("PySide6", "shiboken6", "psycopg", "psycopg_binary", "bidi")
GPL_ONLY = re.compile(
    r"Qt6?(?:Charts|Graphs|DataVisualization|VirtualKeyboard|Quick3D|Lottie|WaylandCompositor|"
    r"NetworkAuth|HttpServer|CoAP|Mqtt|OpcUa|Protobuf|Grpc|Timeline|InsightTracker|QuickTimeline)"
    r"|qtvirtualkeyboard|libreadline|libgdbm|readline\.cpython|_gdbm\.",
    re.IGNORECASE,
)
"""Qt's GPL-only modules, GNU readline and gdbm, by the names of their files."""
ADDONS = re.compile(
    r"Qt6?(?:3D|WebEngine|WebChannel|WebSockets|Multimedia|Pdf|Positioning|Location|Bluetooth|Nfc|"
    r"SerialPort|SerialBus|Sensors|RemoteObjects|Scxml|StateMachine|TextToSpeech|WebView)"
)
UNUSED = re.compile(
    r"(?:^|/)(?:tests?|testing|include|typesystems|glue|scripts|examples)/"
    r"|\.(?:pyi|pxd|h|hpp|c|cpp|prl|cmake|qmltypes|qml|whl|po)$"
    r"|PySide6/(?:Qt/)?(?:qml|translations|metatypes|libexec|modules|mkspecs)/"
    r"|Qt6?(?:Qml|Quick|OpenGL|Sql|Test|Xml|Help|Designer|UiTools|Concurrent|WaylandClient|"
    r"WaylandEgl|WlShell|EglF[sS]|LabsFolder|ShaderTools|Svg(?:Widgets))"
    r"|plugins/(?:qmltooling|sqldrivers|egldeviceintegrations|generic|designer|networkinformation|"
    r"xcbglintegrations|"
    r"tls|wayland-[a-z-]+|assetimporters|geometryloaders|renderers|sceneparsers|scxml[a-z]*)/"
    r"|plugins/platforms/libq(?:eglfs|linuxfb|vkkhrdisplay|vnc|wayland|minimalegl)"
    r"|plugins/platforms/q(?:direct2d|minimal)\.dll"
    r"|plugins/platformthemes/libqgtk3|plugins/imageformats/libq(?:tga|wbmp|icns|pdf|tiff)"
    r"|opengl32sw\.dll|d3dcompiler_|avcodec|avformat|swscale|swresample"
    r"|plugins/platforms/libqminimal\.|certifi/cacert\.pem"
    r"|(?:direct_url\.json|/RECORD|/INSTALLER|/REQUESTED|/WHEEL)$"
)
SYSTEM_LIBRARY = re.compile(r"^lib(?!python3|mpdec)[\w.+-]+\.so(?:\.[\d.]+)?$")
"""A library of a Linux system: at the top of the folder, not below a package as a wheel's own."""
SYSTEM_XAU = Path("/usr/lib/x86_64-linux-gnu/libXau.so.6")
"""The same library (its interface has not changed since 1994), without the hole."""
UNUSED_MODULE = re.compile(
    r"^pygments\.lexers\.(?!_mapping$|special$|python$)|\.tests?(?:\.|$)|^PIL\.(?:ImageTk|ImageQt)$"
)


def keeps_module(name: str) -> bool:
    """Tell whether the frozen program carries a module of Python, by its dotted name."""
    return not UNUSED_MODULE.search(name)


def keeps(path: str) -> bool:
    """Tell whether the frozen program carries a file, by its path inside the folder."""
    name = path.replace("\\", "/")
    return not any(pattern.search(name) for pattern in (GPL_ONLY, ADDONS, UNUSED, SYSTEM_LIBRARY))


def kept(entries: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return PyInstaller's entries (path inside, source, kind) less what is left out."""
    return [
        (inside, str(SYSTEM_XAU) if _is_hollow(inside) and SYSTEM_XAU.is_file() else source, kind)
        for inside, source, kind in entries
        if keeps(inside)
    ]


def _is_hollow(path: str) -> bool:
    """Tell whether a file is Pillow's libXau, of whose 2 MB all but 12 kB are zeros."""
    return path.replace("\\", "/").startswith("pillow.libs/libXau-")
