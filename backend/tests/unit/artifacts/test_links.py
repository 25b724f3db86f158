import pytest

from app.artifacts.links import safe_href


class TestSafeHref:
    @pytest.mark.parametrize(
        "href", ["https://example.org/a?b=1&c=2", "http://example.org", "mailto:a@example.org"]
    )
    def test_lets_web_and_mail_links_through(self, href: str) -> None:
        assert safe_href(href) == href

    @pytest.mark.parametrize(
        "href",
        [
            None,
            "",
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "//example.org",
            "https:",
            "http://[bad",
            "vbscript:x",
        ],
    )
    def test_refuses_everything_else(self, href: str | None) -> None:
        assert safe_href(href) is None
