"""The stylesheet, generated from the design tokens.

Widgets choose among variants with dynamic properties: ``kind`` on buttons (primary, quiet,
danger, tool), ``role`` on labels (display, heading, title, subtitle, caption, muted, code) and
``surface`` on frames (panel, card, overlay, field).
"""

from pathlib import Path

from desktop.ui import tokens as design
from desktop.ui.tokens import Tokens


def stylesheet(t: Tokens, controls: Path) -> str:
    """Return the whole stylesheet of one scheme; ``controls`` holds carets and tick as SVG."""
    parts = (
        _ground(t),
        _labels(t),
        _buttons(t),
        _fields(t),
        _arrows("dark" if t.dark else "light", controls.as_posix()),
        _choices(t, controls.as_posix()),
        _lists(t),
        _bars(t),
    )
    return "\n".join(parts)


def _ground(t: Tokens) -> str:
    return f"""
* {{ outline: none; }}
QWidget {{ color: {t.text}; font-size: {design.BODY}px; }}
QMainWindow {{ background: {t.canvas}; }}
QDialog {{ background: {t.surface}; border: 1px solid {t.border}; }}
QDialog QScrollArea, QDialog QScrollArea > QWidget > QWidget {{ background: transparent; }}
QWidget#page, QStackedWidget, QScrollArea, QScrollArea > QWidget > QWidget#page {{
  background: {t.canvas}; border: none; }}
QFrame[surface="panel"] {{ background: {t.surface}; border: none; }}
QFrame[surface="card"] {{ background: {t.surface}; border: 1px solid {t.border};
  border-radius: {design.RADIUS_LARGE}px; }}
QFrame[surface="overlay"] {{ background: {t.overlay}; border: 1px solid {t.outline};
  border-radius: {design.RADIUS_LARGE}px; }}
QFrame[surface="line"] {{ background: {t.border}; border: none; }}
QToolTip {{ background: {t.overlay}; color: {t.text}; border: 1px solid {t.outline};
  padding: 4px 8px; font-size: {design.CAPTION}px; }}
QSplitter::handle {{ background: {t.border}; }}
QSplitter::handle:hover {{ background: {t.accent}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
"""


def _labels(t: Tokens) -> str:
    sizes = {
        "display": (design.DISPLAY, 600),
        "heading": (design.HEADING, 600),
        "title": (design.TITLE, 600),
        "subtitle": (design.SUBTITLE, 600),
        "strong": (design.BODY, 600),
    }
    ranks = "".join(
        f'QLabel[role="{role}"] {{ font-size: {size}px; font-weight: {weight}; }}\n'
        for role, (size, weight) in sizes.items()
    )
    return f"""
QLabel {{ background: transparent; }}
QLabel:disabled {{ color: {t.faint}; }}
{ranks}
QLabel[role="muted"] {{ color: {t.muted}; }}
QLabel[role="caption"] {{ color: {t.muted}; font-size: {design.CAPTION}px; }}
QLabel[role="section"] {{ color: {t.muted}; font-size: {design.CAPTION}px; font-weight: 600; }}
QLabel[role="danger"] {{ color: {t.danger}; }}
QLabel[role="warning"] {{ color: {t.warning}; }}
QLabel[role="success"] {{ color: {t.success}; }}
QLabel[role="key"] {{ background: {t.raised}; border: 1px solid {t.outline};
  border-radius: {design.RADIUS_SMALL}px; padding: 1px 6px; color: {t.muted};
  font-size: {design.CAPTION}px; }}
"""


def _buttons(t: Tokens) -> str:
    return f"""
QPushButton {{ background: {t.raised}; border: 1px solid {t.outline};
  border-radius: {design.RADIUS}px; padding: 0 12px; min-height: {design.CONTROL - 2}px;
  font-weight: 500; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.pressed}; }}
QPushButton:focus {{ border-color: {t.accent_text}; }}
QPushButton:disabled {{ color: {t.faint}; background: transparent; border-color: {t.border}; }}
QPushButton:checked {{ background: {t.selected}; border-color: {t.accent}; }}
QPushButton[kind="primary"] {{ background: {t.accent}; border-color: {t.accent};
  color: {t.on_accent}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {t.accent_hover};
  border-color: {t.accent_hover}; }}
QPushButton[kind="primary"]:pressed {{ background: {t.accent_pressed}; }}
QPushButton[kind="primary"]:focus {{ border-color: {t.text}; }}
QPushButton[kind="primary"]:disabled {{ background: {t.hover}; border-color: {t.hover};
  color: {t.faint}; }}
QPushButton[kind="danger"] {{ color: {t.danger}; }}
QPushButton[kind="danger"]:disabled {{ color: {t.faint}; }}
QPushButton[kind="quiet"], QToolButton {{ background: transparent;
  border: 1px solid transparent; border-radius: {design.RADIUS}px; }}
QPushButton[kind="quiet"] {{ color: {t.muted}; padding: 0 8px; }}
QPushButton[kind="quiet"]:hover, QToolButton:hover {{ background: {t.hover}; color: {t.text}; }}
QPushButton[kind="quiet"]:pressed, QToolButton:pressed {{ background: {t.pressed}; }}
QPushButton[kind="quiet"]:focus, QToolButton:focus {{ border-color: {t.accent_text}; }}
QPushButton[kind="quiet"]:disabled, QToolButton:disabled {{ color: {t.faint};
  background: transparent; }}
QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent;
  color: {t.accent_text}; padding: 0 4px; }}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="link"]:focus {{ border-color: {t.accent_text}; }}
QToolButton {{ padding: 5px; color: {t.muted}; }}
QToolButton:checked {{ background: {t.selected}; color: {t.accent_text}; }}
QToolButton::menu-indicator {{ image: none; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
"""


def _fields(t: Tokens) -> str:
    return f"""
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QTimeEdit {{ background: {t.raised};
  border: 1px solid {t.outline}; border-radius: {design.RADIUS}px; padding: 0 8px;
  min-height: {design.CONTROL - 2}px; selection-background-color: {t.accent};
  selection-color: {t.on_accent}; }}
QLineEdit:hover, QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover {{
  border-color: {t.faint}; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QTimeEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border-color: {t.accent_text}; }}
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled {{
  color: {t.faint}; background: {t.surface}; border-color: {t.border}; }}
QLineEdit[kind="bare"] {{ background: transparent; border: none; padding: 0; }}
QPlainTextEdit, QTextEdit {{ background: {t.surface}; border: 1px solid {t.border};
  border-radius: {design.RADIUS}px; selection-background-color: {t.accent};
  selection-color: {t.on_accent}; }}
QPlainTextEdit[kind="bare"] {{ border: none; border-radius: 0; }}
QComboBox QAbstractItemView {{ background: {t.overlay}; border: 1px solid {t.outline};
  border-radius: {design.RADIUS}px; padding: 4px; selection-background-color: {t.selected};
  selection-color: {t.text}; }}
"""


def _arrows(scheme: str, folder: str) -> str:
    return f"""
QComboBox::drop-down {{ border: none; width: 28px; }}
QComboBox::down-arrow {{ image: url("{folder}/caret-down-{scheme}.svg"); width: 12px;
  height: 12px; }}
QAbstractSpinBox {{ padding-right: 24px; }}
QAbstractSpinBox::up-button {{ subcontrol-origin: border; subcontrol-position: top right;
  width: 24px; border: none; padding-top: 4px; }}
QAbstractSpinBox::down-button {{ subcontrol-origin: border;
  subcontrol-position: bottom right; width: 24px; border: none; padding-bottom: 4px; }}
QAbstractSpinBox::up-arrow {{ image: url("{folder}/caret-up-{scheme}.svg"); width: 10px;
  height: 10px; }}
QAbstractSpinBox::down-arrow {{ image: url("{folder}/caret-down-{scheme}.svg"); width: 10px;
  height: 10px; }}
"""


def _choices(t: Tokens, folder: str) -> str:
    return f"""
QCheckBox::indicator {{ width: 16px; height: 16px; border: 1px solid {t.outline};
  border-radius: {design.RADIUS_SMALL}px; background: {t.raised}; }}
QCheckBox::indicator:hover {{ border-color: {t.muted}; }}
QCheckBox::indicator:focus {{ border-color: {t.accent_text}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
  image: url("{folder}/check.svg"); }}
QCheckBox::indicator:checked:focus {{ border-color: {t.text}; }}
QCheckBox::indicator:disabled {{ background: {t.surface}; border-color: {t.border}; }}
QCheckBox, QRadioButton {{ spacing: 8px; background: transparent; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {t.faint}; }}
QProgressBar {{ background: {t.pressed}; border: none; border-radius: 2px; min-height: 4px;
  max-height: 4px; text-align: center; color: transparent; }}
QProgressBar::chunk {{ background: {t.accent_text}; border-radius: 2px; }}
QSlider::groove:horizontal {{ height: 4px; background: {t.pressed}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
  background: {t.text}; }}
QSlider::handle:horizontal:disabled {{ background: {t.faint}; }}
"""


def _lists(t: Tokens) -> str:
    return f"""
QListView, QTreeView, QTableView {{ background: transparent; border: none; padding: 0;
  selection-background-color: {t.selected}; selection-color: {t.text}; }}
QListView::item, QTreeView::item {{ min-height: 28px; border-radius: {design.RADIUS_SMALL}px;
  padding: 0 6px; color: {t.text}; }}
QListView::item:hover, QTreeView::item:hover {{ background: {t.hover}; }}
QListView::item:selected, QTreeView::item:selected {{ background: {t.selected}; }}
QHeaderView::section {{ background: {t.surface}; color: {t.muted}; border: none;
  border-bottom: 1px solid {t.border}; padding: 6px 8px; font-size: {design.CAPTION}px;
  font-weight: 600; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.outline}; border-radius: 3px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {t.faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; }}
"""


def _bars(t: Tokens) -> str:
    return f"""
QFrame#status {{ border-top: 1px solid {t.border}; }}
QPushButton[kind="status"] {{ background: transparent; border: 1px solid transparent;
  color: {t.muted}; font-size: {design.CAPTION}px; font-weight: 400; padding: 0 8px;
  min-height: 22px; border-radius: {design.RADIUS_SMALL}px; }}
QPushButton[kind="status"]:hover {{ background: {t.hover}; color: {t.text}; }}
QPushButton[kind="status"]:focus {{ border-color: {t.accent_text}; }}
QFrame#banner {{ background: {t.raised}; border: none; border-left: 3px solid {t.danger};
  border-bottom: 1px solid {t.border}; }}
QMenuBar {{ background: {t.surface}; border-bottom: 1px solid {t.border}; padding: 2px 4px; }}
QMenuBar::item {{ background: transparent; padding: 4px 8px; color: {t.muted};
  border-radius: {design.RADIUS_SMALL}px; }}
QMenuBar::item:selected {{ background: {t.hover}; color: {t.text}; }}
QMenu {{ background: {t.overlay}; border: 1px solid {t.outline}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: {design.RADIUS_SMALL}px; }}
QMenu::item:selected {{ background: {t.selected}; }}
QMenu::item:disabled {{ color: {t.faint}; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 4px 8px; }}
QTabWidget::pane {{ border: none; }}
QTabBar {{ background: transparent; }}
QTabBar::tab {{ background: transparent; color: {t.muted}; padding: 8px 4px; margin: 0 8px;
  border-bottom: 2px solid transparent; font-weight: 500; }}
QTabBar::tab:hover {{ color: {t.text}; }}
QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent_text}; }}
QTabBar::tab:focus {{ color: {t.accent_text}; }}
"""
