"""The page around a document or preview: head, style sheet, and nothing from outside."""

from app.artifacts.html.style_sheet import STYLE_SHEET
from app.artifacts.html.tags import line, tag
from app.schemas.source import Language

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(*, title: str, language: Language, body: str, body_class: str) -> str:
    """Return a complete page."""
    head = (
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name_="generator", content="Madang"),
        tag("title", line(title)),
        f"<style>{STYLE_SHEET}</style>",
    )
    main = tag("main", body, class_=body_class)
    root = tag("html", tag("head", *head), tag("body", main), lang=language)
    return f"<!doctype html>\n{root}\n"
