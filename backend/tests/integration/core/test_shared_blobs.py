"""Blobs that machines share through their database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.blobs import BlobNotFound, sha256_hex
from app.core.config import Settings
from app.core.database import psycopg_url
from app.core.postgres import DatabaseUnavailable
from app.core.shared_blobs import SharedBlobStore

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture
def url(settings: Settings) -> str:
    assert settings.database.url is not None
    return psycopg_url(settings.database.url.get_secret_value())


@pytest.fixture
def here(tmp_path: Path, url: str) -> Iterator[SharedBlobStore]:
    with SharedBlobStore(tmp_path / "here", url) as store:
        yield store


@pytest.fixture
def there(tmp_path: Path, url: str) -> Iterator[SharedBlobStore]:
    with SharedBlobStore(tmp_path / "there", url) as store:
        yield store


@pytest.mark.usefixtures("database")
class TestGet:
    def test_returns_what_another_machine_stored(
        self, here: SharedBlobStore, there: SharedBlobStore
    ) -> None:
        content = bytes(range(256)) * 4000
        sha256 = here.put(content)
        assert there.get(sha256) == content
        assert there.path(sha256).read_bytes() == content

    def test_of_what_nobody_stored(self, here: SharedBlobStore) -> None:
        with pytest.raises(BlobNotFound):
            here.get(sha256_hex(b"nobody"))

    def test_mends_a_damaged_copy(self, here: SharedBlobStore) -> None:
        sha256 = here.put(b"whole")
        here.path(sha256).write_bytes(b"half")
        assert here.get(sha256) == b"whole"
        assert here.path(sha256).read_bytes() == b"whole"


class TestPut:
    @pytest.mark.usefixtures("database")
    def test_twice_stores_once(self, here: SharedBlobStore, there: SharedBlobStore) -> None:
        assert here.put(b"same") == there.put(b"same") == here.put(b"same")

    def test_without_a_server_is_an_outage(self, tmp_path: Path) -> None:
        with (
            SharedBlobStore(tmp_path, NOWHERE) as store,
            pytest.raises(DatabaseUnavailable),
        ):
            store.put(b"content")
