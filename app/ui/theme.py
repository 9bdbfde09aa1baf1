"""Turn the tokens into what Qt paints with: one palette, one style sheet, fonts and lengths.

The theme follows the desktop (light, dark, high contrast) unless the person forces a scheme, and
switches live: `changed` makes painted parts drop their caches and paint again. GUI thread only.
"""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Final, Literal

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QAccessibilityHints, QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from app.system.assets import asset_path
from app.ui import fonts
from app.ui.high_contrast import high_contrast_tokens
from app.ui.icon_files import tinted_svg
from app.ui.tokens import (
    CONTROL_HEIGHT,
    DARK,
    FONT_PX,
    LIGHT,
    RADIUS_CARD,
    RADIUS_CHIP,
    RADIUS_CONTROL,
    RADIUS_PALETTE,
    TAG_HEIGHT,
    TARGET,
    TEXT_SIZE_RANGE,
    TONES,
    Tokens,
)

Scheme = Literal["system", "light", "dark"]

_REGULAR: Final = 400
ROOM_SHARE: Final = 0.95
"""The part of the screen that a new window takes at most: its frame needs some, too."""
_STYLE: Final = "Fusion"


class Theme(QObject):
    """What the window looks like now; `changed` is sent after every switch."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._scheme: Scheme = "system"
        self._percent = 100
        self._forced_contrast: bool | None = None
        self._applied = False
        self._platform_style = application.style().name()
        self._fonts: dict[tuple[str, int, bool], QFont] = {}
        self._colours: dict[str, QColor] = {}
        self._lengths: dict[float, int] = {}
        self._marks = QTemporaryDir()
        self._base = QFont(application.font())
        self._tokens = LIGHT
        self._high_contrast = self._prefers_contrast()
        self._tokens = self._choose_tokens()
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        application.aboutToQuit.connect(self._on_about_to_quit)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_system_changed)

    @property
    def tokens(self) -> Tokens:
        """Return the tokens of the scheme in force."""
        return self._tokens

    @property
    def scheme(self) -> Scheme:
        """Return what the person chose: follow the system, or one scheme for good."""
        return self._scheme

    @property
    def text_size(self) -> int:
        """Return the text size in per cent."""
        return self._percent

    @property
    def high_contrast(self) -> bool:
        """Tell whether the platform's own look is used: text for chips, borders for fills."""
        return self._high_contrast  # known before it is asked: every bar of the list asks

    def colour(self, name: str) -> QColor:
        """Return a token as a colour; "warn.tint" names the tint of a tone."""
        found = self._colours.get(name)
        if found is None:
            tone, _, part = name.partition(".")
            found = QColor(self._tokens.tone(tone).tint if part else self._tokens.colour(tone))
            self._colours[name] = found
        return found

    def font(self, size: str = "body", weight: int = _REGULAR, *, tabular: bool = False) -> QFont:
        """Return a font derived from the application font; shared, so copy it before a change."""
        key = (size, weight, tabular)
        found = self._fonts.get(key)
        if found is None:
            found = fonts.derived(self._base, size, weight, tabular=tabular)
            self._fonts[key] = found
        return found

    def px(self, length: float) -> int:
        """Scale a length of ux.md (px at 100 %) with the application font."""
        found = self._lengths.get(length)
        if found is None:
            found = round(length * self._body_px() / FONT_PX["body"])
            self._lengths[length] = found
        return found

    def fit(self, window: QWidget, width: int, height: int) -> None:
        """Give a dialog its size (px at 100 %), or as much of it as its screen has room for."""
        room = window.screen().availableGeometry().size() * ROOM_SHARE
        window.resize(QSize(self.px(width), self.px(height)).boundedTo(room))

    def set_scheme(self, scheme: Scheme) -> None:
        """Follow the system or force light or dark, at once."""
        self._scheme = scheme
        hints = self._application.styleHints()
        if scheme == "system":
            hints.unsetColorScheme()
        else:
            dark = scheme == "dark"
            hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        self._refresh()

    def set_text_size(self, percent: int) -> None:
        """Set the text size, held within 80 to 160 per cent, at once."""
        low, high = TEXT_SIZE_RANGE
        self._percent = min(max(percent, low), high)
        self._refresh()

    def force_high_contrast(self, on: bool | None) -> None:
        """Force the high contrast look on or off; None follows the system again."""
        self._forced_contrast = on
        self._refresh()

    def apply(self) -> None:
        """Give the application its style, palette, fonts and style sheet, once at the start."""
        self._applied = True
        self._refresh()

    def palette(self) -> QPalette:
        """Build the palette of the scheme in force, all groups."""
        return build_palette(self._tokens)

    def style_sheet(self) -> str:
        """Build the style sheet of the scheme in force."""
        tokens = self._tokens
        values = {name: value for name, value in tokens._asdict().items() if isinstance(value, str)}
        for name in TONES:
            values[name] = tokens.tone(name).ink
            values[f"{name}_tint"] = tokens.tone(name).tint
        lengths: dict[str, float] = {f"gap{n}": n for n in range(1, 13)}
        lengths |= {
            "radius": RADIUS_CONTROL,
            "radius_chip": RADIUS_CHIP,
            "radius_card": RADIUS_CARD,
            "radius_palette": RADIUS_PALETTE,
            "control_height": CONTROL_HEIGHT - 2,
            "target": TARGET - 2,
            "tag": TAG_HEIGHT - 2,
            "bar": 10,
            "thumb": 24,
            "mark": 16,
            "drop": 24,
            "lead": 14,
        }
        values |= {name: f"{max(1, self.px(value))}px" for name, value in lengths.items()}
        values |= {f"font_{name}": f"{self.px(value)}px" for name, value in FONT_PX.items()}
        sheet = asset_path("themes", "desk.qss").read_text(encoding="utf-8")
        values["marks"] = self._write_marks()
        return Template(sheet).substitute(values)

    def _body_px(self) -> int:
        pixels = self._base.pixelSize()
        return pixels if pixels > 0 else QFontInfo(self._base).pixelSize()

    def _prefers_contrast(self) -> bool:
        if self._forced_contrast is not None:
            return self._forced_contrast
        style_hints = self._application.styleHints()
        accessibility = style_hints.accessibility()
        preference = accessibility.contrastPreference()
        return preference == Qt.ContrastPreference.HighContrast

    def _choose_tokens(self) -> Tokens:
        if self.high_contrast:
            return high_contrast_tokens(self._application.palette())
        if self._scheme != "system":
            return DARK if self._scheme == "dark" else LIGHT
        scheme = self._application.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT

    def _refresh(self) -> None:
        self._high_contrast = self._prefers_contrast()
        if self._applied:
            self._base = fonts.body(fonts.family(), self._percent)
            self._lengths.clear()
            self._style_application()
        self._tokens = self._choose_tokens()
        self._fonts.clear()
        self._colours.clear()
        if self._applied:
            self._application.setFont(self._base)
            if not self.high_contrast:
                self._application.setPalette(self.palette())
                self._application.setStyleSheet(self.style_sheet())
        self.changed.emit()

    def _style_application(self) -> None:
        """Choose the style; high contrast also takes the platform's palette before it is read."""
        application = self._application
        wanted = self._platform_style if self.high_contrast else _STYLE
        if self.high_contrast:
            application.setStyleSheet("")
        if application.style().name().casefold() != wanted.casefold():
            application.setStyle(QStyleFactory.create(wanted))
        if self.high_contrast:
            application.setPalette(QPalette())

    def _write_marks(self) -> str:
        """Write the tinted marks that a style sheet can only take from files; return the folder."""
        folder = Path(self._marks.path()) / self._tokens.name
        if not folder.is_dir():
            folder.mkdir()
            for name, token in (
                ("chevron-down", "text2"),
                ("chevron-up", "text2"),
                ("arrow-down", "text2"),
                ("arrow-up", "text2"),
                ("check", "on_accent"),
                ("minus", "on_accent"),
            ):
                text = tinted_svg(name, self._tokens.colour(token))
                (folder / f"{name}.svg").write_bytes(text)
        return folder.as_posix()

    def _on_about_to_quit(self) -> None:
        self._marks.remove()

    def _on_system_changed(self, _preference: QAccessibilityHints | Qt.ColorScheme) -> None:
        if self._forced_contrast is None:
            self._refresh()


def build_palette(tokens: Tokens) -> QPalette:
    """Map the tokens to the roles of a palette: active, inactive and disabled."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    common = {
        role.Window: tokens.surface,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.sunken,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.text3,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.danger.ink,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.select,
        role.HighlightedText: tokens.text,
        role.Accent: tokens.accent,
        role.Link: tokens.link,
        role.LinkVisited: tokens.violet.ink,
        role.Light: tokens.surface,
        role.Midlight: tokens.hover,
        role.Mid: tokens.line,
        role.Dark: tokens.control,
        role.Shadow: tokens.shadow,
    }
    for each, value in common.items():
        palette.setColor(each, QColor(value))
    palette.setColor(group.Inactive, role.Highlight, QColor(tokens.select_inactive))
    for each in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText, role.Link):
        palette.setColor(group.Disabled, each, QColor(tokens.text3))
    palette.setColor(group.Disabled, role.Base, QColor(tokens.canvas))
    palette.setColor(group.Disabled, role.Button, QColor(tokens.canvas))
    palette.setColor(group.Disabled, role.Highlight, QColor(tokens.select_inactive))
    palette.setColor(group.Disabled, role.Accent, QColor(tokens.control))
    return palette


_theme: Theme | None = None


def current() -> Theme:
    """Return the theme of the running application, made on the first call.

    Until `install` is called it answers with tokens and fonts but leaves the application's look.
    """
    global _theme
    if _theme is not None and shiboken6.isValid(_theme):
        return _theme
    application = QCoreApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("a theme needs a QApplication")
    found = application.findChild(Theme)
    _theme = found if found is not None else Theme(application)
    return _theme


def install(scheme: Scheme = "system", text_size: int = 100) -> Theme:
    """Apply the theme to the running application; called once by the composition root."""
    theme = current()
    theme.set_scheme(scheme)
    theme.set_text_size(text_size)
    theme.apply()
    return theme
