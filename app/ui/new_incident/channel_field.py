"""How an incident reached the desk: four usual ways side by side, the others in a menu."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from app.domain.incident import Channel
from app.ui import icons, theme

_USUAL: Final = (
    (Channel.PHONE, "phone"),
    (Channel.EMAIL, "mail"),
    (Channel.WALK_IN, "footprints"),
    (Channel.MONITORING, "activity"),
)
_OTHERS: Final = (Channel.CHAT, Channel.PORTAL, Channel.IVR, Channel.DIRECT)


_STEPS: Final[dict[int, int]] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class _Segment(QToolButton):
    """A button that may become as narrow as its icon, one of a row that the arrow keys walk."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the neighbour with Left and Right."""
        step = _STEPS.get(event.key())
        if step is None:
            super().keyPressEvent(event)
            return
        right_to_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.stepped.emit(-step if right_to_left else step)

    def minimumSizeHint(self) -> QSize:
        """Return the room for the icon."""
        px = theme.current().px
        return QSize(px(30), px(32))


class ChannelField(QWidget):
    """One of the channels is always chosen, the phone at first."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("How it reached us"))
        self._channel = Channel.PHONE
        self._buttons: dict[Channel, _Segment] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        words = self._words()
        for channel, name in _USUAL:
            button = self._button(words[channel], name)
            button.setProperty("channel", channel.value)
            self._buttons[channel] = button
            row.addWidget(button, 1)
        self.more = self._button("", "ellipsis")
        self.more.setAccessibleName(self.tr("Other ways"))
        self.more.setToolTip(self.tr("Other ways"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        for channel in _OTHERS:
            action = QAction(words[channel], menu)
            action.setData(channel.value)
            menu.addAction(action)
        menu.triggered.connect(self._on_other)
        self.more.setMenu(menu)
        row.addWidget(self.more)
        self._buttons[Channel.PHONE].setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    def channel(self) -> Channel:
        """Return the channel that is chosen."""
        return self._channel

    def set_channel(self, channel: Channel) -> None:
        """Choose a channel."""
        self._channel = channel
        usual = self._buttons.get(channel)
        (usual or self.more).setChecked(True)
        word = "" if usual is not None else self._words()[channel]
        self.more.setText(word)
        self.more.setAccessibleName(word or self.tr("Other ways"))
        self._fit()
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show icons only where words would be cut; the names stay for tooltip and reader."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        buttons = [*self._buttons.values(), self.more]
        gap = 1
        room = self.width() - gap * (len(buttons) - 1)
        for button in buttons:
            button.setToolButtonStyle(wide)
            button.setMinimumWidth(0)
        if sum(button.sizeHint().width() for button in buttons) > room:
            for button in buttons:
                if button.isChecked():
                    button.setMinimumWidth(button.sizeHint().width())
                else:
                    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _words(self) -> dict[Channel, str]:
        return {
            Channel.PHONE: self.tr("Phone"),
            Channel.EMAIL: self.tr("E-mail"),
            Channel.WALK_IN: self.tr("Walk-up"),
            Channel.MONITORING: self.tr("Alert"),
            Channel.CHAT: self.tr("Chat"),
            Channel.PORTAL: self.tr("Portal"),
            Channel.IVR: self.tr("Voice menu"),
            Channel.DIRECT: self.tr("Seen by us"),
            Channel.IMPORT: self.tr("Import"),
        }

    def _button(self, text: str, icon: str) -> _Segment:
        button = _Segment(self)
        button.setProperty("kind", "outlined")
        button.setText(text)
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setMinimumHeight(theme.current().px(32))
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        icons.bind(button, icon)
        button.stepped.connect(self._on_stepped)
        self._group.addButton(button)
        return button

    def _on_toggled(self, button: QToolButton, checked: bool) -> None:
        code = button.property("channel")
        if checked and code and code != self._channel:
            self.set_channel(Channel(code))

    def _on_stepped(self, step: int) -> None:
        channels = list(self._buttons)
        place = channels.index(self._channel) if self._channel in self._buttons else len(channels)
        channel = channels[min(max(place + step, 0), len(channels) - 1)]
        self.set_channel(channel)
        self._buttons[channel].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_other(self, action: QAction) -> None:
        self.set_channel(Channel(action.data()))
