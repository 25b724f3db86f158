"""Files over HTTP: upload, list, read, search, delete."""

import asyncio
import gc
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select

from app.core.database import Database
from app.core.ids import new_id
from app.models import File, FilePassage
from tests.factories.files import make_file
from tests.factories.users import KeyHolder
from tests.integration.api.problem_answers import pointers, problem

UNKNOWN_ID = "5942d356-5dcb-48ef-a922-220617cd5489"

FILES = "/api/v1/files"
UNREADABLE = [
    ("empty.md", b"", "file_empty"),
    ("program.exe", b"MZ\x90\x00" + b"\x00" * 100, "file_type_unsupported"),
    ("picture.docx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "file_type_unsupported"),
    ("text.pdf", b"just text", "file_type_mismatch"),
    ("broken.docx", b"PK\x03\x04" + b"\x00" * 100, "file_unreadable"),
    ("..", b"# Notes", "file_name_invalid"),
]
NOTES = b"# Sales\n\nSales in Seoul grew by 12% in the third quarter.\n"


async def rows(database: Database, table: type[File | FilePassage]) -> int:
    """Return how many rows there are."""
    async with database.transaction() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


class TestUploadFiles:
    async def test_anonymous(self, client: AsyncClient) -> None:
        answer = await client.post(FILES, files={"files": ("a.md", NOTES)})
        problem(answer, 401, "key_refused")

    async def test_reads_nothing_from_an_anonymous_sender(self, client: AsyncClient) -> None:
        read: list[bytes] = []

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(3):
                read.append(b"x")
                yield b"x"

        answer = await client.post(
            FILES, content=pieces(), headers={"Content-Type": "multipart/form-data; boundary=b"}
        )
        problem(answer, 401, "key_refused")
        assert read == []

    async def test_takes_one(self, api: AsyncClient) -> None:
        answer = await api.post(FILES, files={"files": ("sales.md", NOTES)})
        assert answer.status_code == 201, answer.text
        (file,) = answer.json()["items"]
        assert file["name"] == "sales.md"
        assert file["size_bytes"] == len(NOTES)
        assert file["passage_count"] >= 1
        assert (await api.get(f"{FILES}/{file['id']}")).json() == file

    async def test_takes_many_in_their_order(self, api: AsyncClient) -> None:
        parts = [("files", (f"{n}.md", NOTES + str(n).encode())) for n in range(3)]
        answer = await api.post(FILES, files=parts)
        assert [f["name"] for f in answer.json()["items"]] == ["0.md", "1.md", "2.md"]

    async def test_keeps_a_korean_name(self, api: AsyncClient) -> None:
        answer = await api.post(FILES, files={"files": ("3분기 매출 보고.md", NOTES)})
        assert answer.json()["items"][0]["name"] == "3분기 매출 보고.md"

    async def test_drops_folders_from_a_name(self, api: AsyncClient) -> None:
        answer = await api.post(FILES, files={"files": ("../../etc/passwd.md", NOTES)})
        assert answer.json()["items"][0]["name"] == "passwd.md"

    async def test_the_same_again_is_the_same_file(
        self, api: AsyncClient, database: Database
    ) -> None:
        answers = [await api.post(FILES, files={"files": ("a.md", NOTES)}) for _ in range(2)]
        assert len({answer.json()["items"][0]["id"] for answer in answers}) == 1
        assert await rows(database, File) == 1

    async def test_the_same_twice_at_once_is_one_file(
        self, api: AsyncClient, database: Database
    ) -> None:
        answers = await asyncio.gather(
            *(api.post(FILES, files={"files": ("a.md", NOTES)}) for _ in range(2))
        )
        assert [answer.status_code for answer in answers] == [201, 201]
        assert len({answer.json()["items"][0]["id"] for answer in answers}) == 1
        assert await rows(database, File) == 1

    async def test_the_same_twice_in_one_request_is_one_file(
        self, api: AsyncClient, database: Database
    ) -> None:
        parts = [("files", ("a.md", NOTES)), ("files", ("a.md", NOTES))]
        answer = await api.post(FILES, files=parts)
        assert answer.status_code == 201
        assert len({file["id"] for file in answer.json()["items"]}) == 1
        assert await rows(database, File) == 1

    async def test_refuses_what_cannot_be_read(self, api: AsyncClient, database: Database) -> None:
        for name, content, code in UNREADABLE:
            problem(await api.post(FILES, files={"files": (name, content)}), 422, code)
        assert await rows(database, File) == 0

    async def test_takes_all_or_none(self, api: AsyncClient, database: Database) -> None:
        parts = [("files", ("good.md", NOTES)), ("files", ("bad.md", b""))]
        document = problem(await api.post(FILES, files=parts), 422, "file_empty")
        assert "bad.md" in document["detail"]
        assert await rows(database, File) == 0
        assert await rows(database, FilePassage) == 0

    async def test_refuses_21(self, api: AsyncClient, database: Database) -> None:
        parts = [("files", (f"{n}.md", NOTES)) for n in range(21)]
        problem(await api.post(FILES, files=parts), 422, "too_many_files")
        assert await rows(database, File) == 0

    async def test_needs_a_file(self, api: AsyncClient) -> None:
        answer = await api.post(FILES, data={"other": "x"}, files={"else": ("a.md", NOTES)})
        assert pointers(problem(answer, 422, "request_invalid")) == ["body:/files"]

    async def test_a_text_where_a_file_should_be(self, api: AsyncClient) -> None:
        boundary = "b"
        body = b'--b\r\nContent-Disposition: form-data; name="files"\r\n\r\nhello\r\n--b--\r\n'
        answer = await api.post(
            FILES,
            content=body,
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        document = problem(answer, 422, "request_invalid")
        assert pointers(document) == ["body:/files/0"]
        assert "hello" not in answer.text

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            ("multipart/form-data", b"--b\r\n"),
            ("multipart/form-data; boundary=b", b"this is no multipart"),
            ("multipart/form-data; boundary=b", b"--b\r\nbroken header\r\n\r\nx\r\n--b--"),
        ],
    )
    async def test_a_body_that_is_not_multipart(
        self, api: AsyncClient, content_type: str, body: bytes
    ) -> None:
        answer = await api.post(FILES, content=body, headers={"Content-Type": content_type})
        problem(answer, 400, "request_unreadable")

    # Starlette leaves the half-read part's temporary file to the garbage collector.
    @pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
    async def test_a_body_that_breaks_off(self, api: AsyncClient, database: Database) -> None:
        body = (
            b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\n'
            b"# Half a fi"
        )
        answer = await api.post(
            FILES, content=body, headers={"Content-Type": "multipart/form-data; boundary=b"}
        )
        gc.collect()
        assert 400 <= answer.status_code < 500
        assert await rows(database, File) == 0

    async def test_a_body_of_another_type(self, api: AsyncClient) -> None:
        problem(await api.post(FILES, json={}), 415, "media_type_unsupported")

    async def test_a_nul_in_the_text_is_no_crash(self, api: AsyncClient) -> None:
        answer = await api.post(FILES, files={"files": ("a.txt", b"Sales\x00grew in Seoul.")})
        assert answer.status_code in {201, 422}, answer.text


class TestListFiles:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.get(FILES), 401, "key_refused")

    async def test_shows_only_your_own(
        self, api: AsyncClient, database: Database, mina: KeyHolder, other: KeyHolder
    ) -> None:
        mine = await make_file(database, mina.user.id)
        await make_file(database, other.user.id)
        assert [f["id"] for f in (await api.get(FILES)).json()["items"]] == [mine.id]

    async def test_pages_newest_first_without_gap_or_repeat(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        start = datetime(2026, 1, 1, tzinfo=UTC)
        # Three share a moment: the id orders them.
        moments = [start + timedelta(seconds=n // 3) for n in range(7)]
        made = [await make_file(database, mina.user.id, created_at=moment) for moment in moments]
        wanted = [f.id for f in sorted(made, key=lambda f: (f.created_at, f.id), reverse=True)]
        seen: list[str] = []
        url: str | None = f"{FILES}?limit=2"
        while url is not None:
            answer = await api.get(url)
            seen += [f["id"] for f in answer.json()["items"]]
            url = answer.links.get("next", {}).get("url")
            assert (url is None) == (answer.json()["next_cursor"] is None)
        assert seen == wanted

    async def test_a_page_that_is_just_full_has_no_next(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        for _ in range(2):
            await make_file(database, mina.user.id)
        answer = await api.get(FILES, params={"limit": 2})
        assert answer.json()["next_cursor"] is None
        assert "Link" not in answer.headers

    @pytest.mark.parametrize(
        "cursor",
        [
            "x",
            "%00",
            "!!!!",
            "2026",
            "MjAyNi0wMS0wMXw",
            "MjAyNi0wMS0wMVQwMDowMDowMHwzZjBlMWM1YS05ZDhlLTRjNTUtOGYzOC0wZjZiNWU4ZjJhMTE",
        ],
    )
    async def test_a_cursor_of_ones_own_making(self, api: AsyncClient, cursor: str) -> None:
        problem(await api.get(f"{FILES}?cursor={cursor}"), 422, "cursor_invalid")

    @pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", "1e2", "9" * 5000])
    async def test_a_limit_out_of_bounds(self, api: AsyncClient, limit: str) -> None:
        answer = await api.get(FILES, params={"limit": limit})
        assert pointers(problem(answer, 422, "request_invalid")) == ["query:/limit"]


class TestReadFile:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.get(f"{FILES}/{new_id()}"), 401, "key_refused")

    async def test_of_another_user(
        self, api: AsyncClient, database: Database, other: KeyHolder
    ) -> None:
        file = await make_file(database, other.user.id)
        problem(await api.get(f"{FILES}/{file.id}"), 404, "file_not_found")

    @pytest.mark.parametrize("id", [UNKNOWN_ID, "7", "not-an-id", "%00", "x" * 3000, "한글"])
    async def test_that_is_not_there(self, api: AsyncClient, id: str) -> None:
        problem(await api.get(f"{FILES}/{id}"), 404, "file_not_found")

    async def test_by_an_id_in_capitals(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        file = await make_file(database, mina.user.id)
        assert (await api.get(f"{FILES}/{file.id.upper()}")).json()["id"] == file.id


class TestSearchFiles:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.get(f"{FILES}/search", params={"q": "x"}), 401, "key_refused")

    async def test_finds_words_in_your_own_files_only(
        self, api: AsyncClient, database: Database, mina: KeyHolder, other: KeyHolder
    ) -> None:
        mine = await make_file(database, mina.user.id, text="Umbrella sales grew.")
        await make_file(database, other.user.id, text="Umbrella sales fell.")
        answer = await api.get(f"{FILES}/search", params={"q": "umbrella"})
        (hit,) = answer.json()["items"]
        assert hit["file_id"] == mine.id
        assert hit["text"] == "Umbrella sales grew."

    async def test_finds_korean(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        await make_file(database, mina.user.id, text="서울 매출이 늘었다.")
        answer = await api.get(f"{FILES}/search", params={"q": "매출"})
        assert len(answer.json()["items"]) == 1

    @pytest.mark.parametrize("q", ["' | '", "a & !b", "\\", "()", "😀", "한" * 500, "%"])
    async def test_takes_any_words(self, api: AsyncClient, q: str) -> None:
        answer = await api.get(f"{FILES}/search", params={"q": q})
        assert answer.status_code == 200, answer.text

    @pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=a%00b", f"q={'a' * 501}"])
    async def test_refuses_no_words(self, api: AsyncClient, query: str) -> None:
        answer = await api.get(f"{FILES}/search?{query}")
        assert pointers(problem(answer, 422, "request_invalid")) == ["query:/q"]

    @pytest.mark.parametrize("limit", ["0", "51"])
    async def test_a_limit_out_of_bounds(self, api: AsyncClient, limit: str) -> None:
        answer = await api.get(f"{FILES}/search", params={"q": "x", "limit": limit})
        assert pointers(problem(answer, 422, "request_invalid")) == ["query:/limit"]


class TestDeleteFile:
    async def test_anonymous(self, client: AsyncClient) -> None:
        problem(await client.delete(f"{FILES}/{new_id()}"), 401, "key_refused")

    async def test_of_another_user(
        self, api: AsyncClient, database: Database, other: KeyHolder
    ) -> None:
        file = await make_file(database, other.user.id)
        problem(await api.delete(f"{FILES}/{file.id}"), 404, "file_not_found")
        assert await rows(database, File) == 1

    async def test_that_is_no_id(self, api: AsyncClient) -> None:
        problem(await api.delete(f"{FILES}/7"), 404, "file_not_found")

    async def test_takes_its_passages_along(
        self, api: AsyncClient, database: Database, mina: KeyHolder
    ) -> None:
        file = await make_file(database, mina.user.id)
        answer = await api.delete(f"{FILES}/{file.id}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert await rows(database, File) == 0
        assert await rows(database, FilePassage) == 0
        problem(await api.delete(f"{FILES}/{file.id}"), 404, "file_not_found")
