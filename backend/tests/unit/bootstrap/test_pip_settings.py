"""A user who has set up pip for a package index of their own need not set up uv as well."""

from tools.bootstrap import parse_pip_configuration, uv_environment


class TestParsePipConfiguration:
    def test_reads_every_section_that_counts(self) -> None:
        listing = "global.index-url='https://a.example/simple'\ninstall.no-index='true'\n"
        assert parse_pip_configuration(listing) == {
            "index-url": "https://a.example/simple",
            "no-index": "true",
        }

    def test_lets_the_environment_win_over_a_file_in_any_order(self) -> None:
        listing = ":env:.cert='/env.pem'\nglobal.cert='/file.pem'\ninstall.cert='/install.pem'\n"
        assert parse_pip_configuration(listing) == {"cert": "/env.pem"}

    def test_passes_over_options_of_other_commands(self) -> None:
        assert parse_pip_configuration("download.cert='/x.pem'\nno equals sign\n") == {}

    def test_keeps_an_equals_sign_in_a_value(self) -> None:
        listing = "global.index-url='https://u:p@a.example/?k=v'\n"
        assert parse_pip_configuration(listing) == {"index-url": "https://u:p@a.example/?k=v"}


class TestUvEnvironment:
    def test_says_pips_options_in_uvs_words(self) -> None:
        options = {"index-url": "https://a.example", "proxy": "http://p.example", "timeout": "9"}
        environ = uv_environment(options, {"PATH": "/bin"})
        assert environ["UV_DEFAULT_INDEX"] == "https://a.example"
        assert environ["ALL_PROXY"] == "http://p.example"
        assert environ["UV_HTTP_TIMEOUT"] == "9"
        assert environ["PATH"] == "/bin"

    def test_leaves_alone_what_was_set_for_uv(self) -> None:
        environ = uv_environment({"index-url": "https://pip"}, {"UV_DEFAULT_INDEX": "https://uv"})
        assert environ["UV_DEFAULT_INDEX"] == "https://uv"

    def test_joins_several_values_as_uv_wants_them(self) -> None:
        options = {"extra-index-url": "https://b.example\nhttps://c.example", "find-links": "/a /b"}
        environ = uv_environment(options, {})
        assert environ["UV_INDEX"] == "https://b.example https://c.example"
        assert environ["UV_FIND_LINKS"] == "/a,/b"

    def test_takes_a_version_from_whichever_index_has_it_as_pip_does(self) -> None:
        assert uv_environment({}, {})["UV_INDEX_STRATEGY"] == "unsafe-best-match"
