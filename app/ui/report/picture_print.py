"""Print a PDF as pictures through Qt, where the print system takes no PDF (Windows).

Call it from a worker: Qt allows a painter on a printer there, and a page takes a while. Text is
pictures on paper made this way, at 300 dots an inch or what the printer has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QPoint
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.reports import pages
from app.system.faults import MachineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.system.printers import PrintOptions

MOST_DOTS = 300
_SIZES = {"a4": QPageSize.PageSizeId.A4, "letter": QPageSize.PageSizeId.Letter}
_SIDES = {
    "": QPrinter.DuplexMode.DuplexAuto,
    "one-sided": QPrinter.DuplexMode.DuplexNone,
    "two-sided-long-edge": QPrinter.DuplexMode.DuplexLongSide,
    "two-sided-short-edge": QPrinter.DuplexMode.DuplexShortSide,
}


def printer_names() -> list[str]:
    """Return the printers that Qt knows, the usual one first."""
    usual = QPrinterInfo.defaultPrinterName()
    return sorted(QPrinterInfo.availablePrinterNames(), key=lambda name: (name != usual, name))


def usual_paper(name: str) -> str:
    """Return "a4" or "letter" when the printer's usual paper is one of them, else ""."""
    size = QPrinterInfo.printerInfo(name).defaultPageSize().id()
    return next((paper for paper, known in _SIZES.items() if known == size), "")


def print_pictures(
    pdf: bytes,
    name: str,
    title: str,
    options: PrintOptions,
    stopped: Callable[[], bool] | None = None,
) -> None:
    """Print every page on its own sheet size, never scaled.

    Raises:
        MachineError: there is no such printer, it takes nothing, or `stopped` said so.
    """
    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        raise MachineError(
            f'There is no printer "{name}" any more. Choose another one.', code="not_printed"
        )
    printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    printer.setResolution(min(printer.resolution(), MOST_DOTS))
    printer.setDocName(title)
    printer.setFullPage(True)
    printer.setPageLayout(
        QPageLayout(
            QPageSize(_SIZES[options.paper]),
            QPageLayout.Orientation.Portrait,
            QMarginsF(),
            QPageLayout.Unit.Point,
        )
    )
    printer.setFullPage(True)
    printer.setDuplex(_SIDES[options.sides])
    grey = options.monochrome
    printer.setColorMode(QPrinter.ColorMode.GrayScale if grey else QPrinter.ColorMode.Color)
    _paint(pdf, printer, grey=grey, stopped=stopped, title=title, name=name)


def _paint(
    pdf: bytes,
    printer: QPrinter,
    *,
    grey: bool,
    stopped: Callable[[], bool] | None,
    title: str,
    name: str,
) -> None:
    painter = QPainter()
    if not painter.begin(printer):
        raise MachineError(
            f"{name} did not take {title}. Choose another printer, or save the PDF.",
            code="not_printed",
        )
    try:
        for index in range(pages.page_count(pdf)):
            if index:
                printer.newPage()
            below = 0
            for band in pages.render_bands(pdf, index, printer.resolution()):
                if stopped is not None and stopped():
                    printer.abort()
                    raise MachineError(f"Stopped: {title} was not printed.", code="cancelled")
                picture = picture_of(band, grey=grey)
                painter.drawImage(QPoint(0, below), picture)
                below += band.height
    finally:
        painter.end()


def picture_of(image: pages.PageImage, *, grey: bool = False) -> QImage:
    """Return a painted page as Qt's picture, with a memory of its own."""
    picture = QImage(image.data, image.width, image.height, QImage.Format.Format_RGB32)
    if grey:
        return picture.convertToFormat(QImage.Format.Format_Grayscale8)
    return picture.copy()
