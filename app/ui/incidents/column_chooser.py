"""Choose the columns of the list: check, order by Alt+Up and Alt+Down, reset (ux.md 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.incidents.columns import Density

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.ui.incidents.columns import ColumnModel


class _ColumnList(QListView):
    """Moves the current column with Alt and an arrow."""

    def __init__(self, columns: ColumnModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._columns = columns

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Order with Alt+Up and Alt+Down while the whole list is shown."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        model = self.model()
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            index = self.currentIndex()
            if (
                isinstance(model, QSortFilterProxyModel)
                and not model.filterRegularExpression().pattern()
            ):
                source = model.mapToSource(index)
                if self._columns.move(self._columns.key_at(source.row()), step):
                    self.setCurrentIndex(model.index(index.row() + step, 0))
            return
        super().keyPressEvent(event)


class ColumnChooser(QDialog):
    """A searchable list with check marks; every change shows at once in the list behind."""

    def __init__(self, columns: ColumnModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Columns"))
        self._columns = columns
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find a column"))
        self.search.setAccessibleName(self.tr("Find a column"))
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(columns)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list = _ColumnList(columns, self)
        self.list.setModel(self._found)
        self.list.setAccessibleName(self.tr("Columns"))
        hint = QLabel(self.tr("Space shows or hides; Alt+Up and Alt+Down order."), self)
        hint.setProperty("tone", "hint")
        hint.setWordWrap(True)
        rows = QHBoxLayout()
        self.densities = QButtonGroup(self)
        for density, title in (
            (Density.COMPACT, self.tr("Compact")),
            (Density.NORMAL, self.tr("Normal")),
            (Density.COMFORTABLE, self.tr("Comfortable")),
        ):
            button = QRadioButton(title, self)
            button.setObjectName(density.value)
            button.setChecked(columns.density == density)
            self.densities.addButton(button)
            rows.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.reset = buttons.addButton(self.tr("Reset"), QDialogButtonBox.ButtonRole.ResetRole)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(hint)
        layout.addLayout(rows)
        layout.addWidget(buttons)
        self.search.textChanged.connect(self._found.setFilterFixedString)
        self.densities.buttonClicked.connect(self._on_density_chosen)
        self.reset.clicked.connect(self._on_reset)
        buttons.rejected.connect(self.reject)
        self._found.modelReset.connect(self._on_rows_reset)
        self._on_rows_reset()
        self.resize(340, 480)

    def _on_rows_reset(self) -> None:
        self.list.setCurrentIndex(self._found.index(0, 0))

    def _on_density_chosen(self) -> None:
        button = self.densities.checkedButton()
        if button is not None:
            self._columns.choose_density(Density(button.objectName()))

    def _on_reset(self) -> None:
        self._columns.reset()
        for button in self.densities.buttons():
            button.setChecked(button.objectName() == self._columns.density.value)
