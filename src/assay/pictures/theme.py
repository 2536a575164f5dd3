"""The one look of all pictures, in light and in dark: the colours are those of the pages."""

from collections.abc import Mapping
from dataclasses import dataclass

FONT = "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif"
WIDE, MIDDLE, NARROW = 680, 470, 340
"""Widths in pixels: alone on a sheet, beside a table on a screen, and on a phone."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by the names of the pages' own tokens."""

    surface: str
    sunken: str
    line: str
    ink: str
    ink_soft: str
    ink_faint: str
    accent: str
    accent_soft: str
    intent: str
    bad: str

    def config(self) -> dict[str, object]:
        """What Vega-Lite calls the configuration of a chart."""
        quiet = {"labelColor": self.ink_soft, "titleColor": self.ink_faint, "domainColor": self.line}
        axis = {"gridColor": self.line, "tickColor": self.line, "labelFontSize": 13, "titleFontSize": 12}
        return {
            "background": self.surface,
            "font": FONT,
            "padding": 4,
            "view": {"stroke": None},
            "axis": quiet | axis | {"titleFontWeight": "normal", "labelLimit": 180},
            "header": {"labelColor": self.ink_soft, "titleColor": self.ink_faint},
            "legend": {"labelColor": self.ink_soft, "titleColor": self.ink_faint, "labelFontSize": 13},
            "text": {"color": self.ink, "fontSize": 13},
        }


LIGHT = Theme(
    surface="#ffffff",
    sunken="#eef1ee",
    line="#dde3de",
    ink="#1b2421",
    ink_soft="#4b5853",
    ink_faint="#5f6c66",
    accent="#0b655b",
    accent_soft="#e0f0ec",
    intent="#4a4fb5",
    bad="#a52222",
)
DARK = Theme(
    surface="#1c2224",
    sunken="#171c1e",
    line="#323b3e",
    ink="#e8eeeb",
    ink_soft="#b3c0bb",
    ink_faint="#96a49f",
    accent="#5fd0bd",
    accent_soft="#17342f",
    intent="#a5a9ff",
    bad="#ff9a94",
)
THEMES: Mapping[str, Theme] = {"light": LIGHT, "dark": DARK}
