"""Draw the Lucide icons in the colours of the theme, sharp at every pixel ratio.

An icon file says `currentColor`; it is replaced by the colour asked for, rendered once and cached
by name, colour, size and pixel ratio. Directional icons are mirrored in right-to-left layouts. GUI
thread only.
"""

from __future__ import annotations

import weakref
from typing import Protocol

import shiboken6
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app.ui import theme
from app.ui.icon_files import tinted_svg

DIRECTIONAL = frozenset(
    {
        "arrow-left",
        "arrow-right",
        "arrow-up-right",
        "chevron-left",
        "chevron-right",
        "external-link",
        "list",
        "redo-2",
        "reply",
        "route",
        "undo-2",
    }
)
"""Icons that point along the line of reading."""

_pixmaps: dict[tuple[str, str, int, float, bool], QPixmap] = {}


class _Iconed(Protocol):
    def setIcon(self, icon: QIcon) -> None: ...


class _Binding:
    __slots__ = ("name", "size", "target", "token")

    def __init__(self, target: _Iconed, name: str, token: str, size: int) -> None:
        self.target = weakref.ref(target)
        self.name, self.token, self.size = name, token, size


_bound: dict[int, _Binding] = {}
_followed: weakref.WeakSet[theme.Theme] = weakref.WeakSet()


def pixmap(name: str, colour: str, size: int = 16, ratio: float | None = None) -> QPixmap:
    """Return an icon as a picture: `size` in logical pixels, `ratio` the device pixel ratio."""
    if ratio is None:
        ratio = _highest_ratio()
    mirrored = name in DIRECTIONAL and _right_to_left()
    key = (name, colour, size, ratio, mirrored)
    found = _pixmaps.get(key)
    if found is None:
        found = _render(name, colour, size, ratio, mirrored=mirrored)
        _pixmaps[key] = found
    return found


def icon(name: str, token: str = "text2", size: int = 16) -> QIcon:
    """Return an icon in a token's colour of the scheme in force, dimmed when disabled."""
    now = theme.current().tokens
    logical = theme.current().px(size)
    made = QIcon(pixmap(name, now.colour(token), logical))
    made.addPixmap(pixmap(name, now.text3, logical), QIcon.Mode.Disabled)
    return made


def blank(size: int) -> QIcon:
    """Return an icon of nothing, to keep the place of one; `size` in logical pixels."""
    drawn = QPixmap(size, size)
    drawn.fill(Qt.GlobalColor.transparent)
    return QIcon(drawn)


def bind(target: _Iconed, name: str, token: str = "text2", size: int = 16) -> None:
    """Set the icon of a button or action and keep it right when the theme switches.

    `size` is in px at 100 % text size; a button's icon size is set along.
    """
    now = theme.current()
    if now not in _followed:
        _followed.add(now)
        now.changed.connect(_on_theme_changed)
    _bound[id(target)] = _Binding(target, name, token, size)
    _show(target, name, token, size)


def _on_theme_changed() -> None:
    _pixmaps.clear()
    for key, binding in list(_bound.items()):
        target = binding.target()
        if target is None or not shiboken6.isValid(target):
            del _bound[key]
        else:
            _show(target, binding.name, binding.token, binding.size)


def _show(target: _Iconed, name: str, token: str, size: int) -> None:
    if token == "on_accent" and theme.current().high_contrast:
        token = "text"  # the platform paints the button, on the ground of every other one
    target.setIcon(icon(name, token, size))
    set_size = getattr(target, "setIconSize", None)
    if set_size is not None:
        side = theme.current().px(size)
        set_size(QSize(side, side))


def _render(name: str, colour: str, size: int, ratio: float, *, mirrored: bool) -> QPixmap:
    side = max(1, round(size * ratio))
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer = QSvgRenderer(QByteArray(tinted_svg(name, colour)))
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    if mirrored:
        drawn = drawn.transformed(QTransform.fromScale(-1, 1))
    drawn.setDevicePixelRatio(ratio)
    return drawn


def _highest_ratio() -> float:
    application = QApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0


def _right_to_left() -> bool:
    return QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
