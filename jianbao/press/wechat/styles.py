"""What each element of an article looks like: its declarations, written where it stands.

WeChat keeps no style sheet, so what is inherited stands once, on the article, and an
element says only what differs. Sizes are relative. Colours hold in dark mode: WeChat
inverts plain text on white by itself, and leaves white text on a saturated ground.
"""

from __future__ import annotations

from html import escape

BRAND = "#1f3d6b"

STYLES = {
    "article": "line-height:1.75;text-align:justify;word-break:break-word",
    "masthead": f"background-color:{BRAND};color:#fff;padding:1.5em 1em;text-align:center",
    "nameplate": "font-size:1.5em;font-weight:bold;margin:0",
    "line": "margin:0;font-size:.85em",
    "entry": "margin:0;padding-left:1em;font-size:.85em;text-align:left",
    "banner": "color:#fff;padding:.4em .8em;margin:2em 0 1em;font-weight:bold",
    "title": "font-size:1.25em;font-weight:bold;text-align:center;margin:1.5em 0 .5em",
    "heading": "font-size:1.05em;font-weight:bold;margin:1.2em 0 .5em",
    "paragraph": "margin:0 0 1em",
    "center": "margin:0 0 1em;text-align:center",
    "small": "margin:0 0 .5em;font-size:.85em",
    "source": "margin:0 0 1em;text-align:right;font-size:.85em",
    "address": "margin:0 0 .5em;font-size:.85em;word-break:break-all;text-align:left",
    "quote": "border-left:3px solid #999;padding-left:1em;margin:0 0 1em",
    "indent": "padding-left:1.2em",
    "scroll": "overflow-x:auto;margin:0 0 1em",
    "table": "border-collapse:collapse",
    "cell": "font-size:.85em;border:1px solid #999;padding:.3em .5em;text-align:left",
    "code": "font-size:.85em;word-break:break-all",
    "picture": "max-width:100%",
    "qr": "width:140px;max-width:100%",
}


def words(text: str, *, quote: bool = False) -> str:
    """``text`` as HTML; braces that a template might have left are told from an author's."""
    return escape(text, quote=quote).replace("{{", "&#123;&#123;").replace("{%", "&#123;%")


def element(tag: str, inner: str, *styles: str, more: str = "") -> str:
    """``inner`` in a ``tag`` with the named ``styles`` and declarations ``more``."""
    declared = ";".join(part for part in (*(STYLES[name] for name in styles), more) if part)
    style = f' style="{declared}"' if declared else ""
    return f"<{tag}{style}>{inner}</{tag}>"


def picture(file: str, alt: str, size: tuple[int, int], style: str) -> str:
    """An image with its size in pixels, by which WeChat holds its place while it loads."""
    width, height = size
    ratio = f"{height / width:.4g}"
    return (
        f'<img src="{escape(file)}" alt="{words(alt, quote=True)}" data-w="{width}" '
        f'data-ratio="{ratio}" style="{STYLES[style]}">'
    )
