"""Take files in. Reading is slow and happens outside any transaction; rows come last, together."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.blobs import BlobStore, sha256_hex
from app.core.database import Database
from app.core.ids import new_id
from app.models import File, FilePassage
from app.schemas.source import Extract
from app.services.files.errors import FileMissing, TooManyFiles
from app.services.files.names import clean_name
from app.services.files.reading import FileReader
from app.services.files.repository import FileRepository, PassageHit
from app.sources import Embedder

# Beyond this many passages a file is searched by words alone: embedding costs about 1 ms each.
MAX_EMBEDDED = 2000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives."""

    name: str
    content: bytes


class FileService:
    """A user's files."""

    def __init__(
        self,
        database: Database,
        *,
        blobs: BlobStore,
        reader: FileReader,
        embedder: Embedder | None,
        max_files: int,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._reader = reader
        self._embedder = embedder
        self._max_files = max_files

    async def add_all(self, user_id: str, uploads: Sequence[Upload]) -> list[File]:
        """Take in all of a task's files, or none: every one is read before any is stored.

        Raises:
            TooManyFiles: More than a task may have.
            FileRefused: One of them cannot be used; the message names it.
        """
        if len(uploads) > self._max_files:
            raise TooManyFiles(
                f"{len(uploads)} files were given; a task takes at most {self._max_files}."
            )
        read = await asyncio.gather(
            *(self._read(user_id, upload) for upload in uploads), return_exceptions=True
        )
        for outcome in read:
            if isinstance(outcome, BaseException):
                raise outcome
        return [await self._store(user_id, f) for f in read if not isinstance(f, BaseException)]

    async def add(self, user_id: str, upload: Upload) -> File:
        """Take in one file; the same name and content again is the same file."""
        return await self._store(user_id, await self._read(user_id, upload))

    async def find_many(self, user_id: str, file_ids: Sequence[str]) -> list[File]:
        """Return the user's files with these ids.

        Raises:
            FileMissing: One of them is not there.
            TooManyFiles: More than a task may have.
        """
        if len(file_ids) > self._max_files:
            raise TooManyFiles(f"A task takes at most {self._max_files} files.")
        async with self._database.transaction() as session:
            found = await FileRepository(session).find_many(user_id, file_ids)
        missing = sorted(set(file_ids) - {file.id for file in found})
        if missing:
            raise FileMissing(f"There is no file {missing[0]} among yours; upload it first.")
        return found

    async def page(
        self, user_id: str, *, limit: int, before: tuple[datetime, str] | None = None
    ) -> list[File]:
        """Return the user's files, newest first."""
        async with self._database.transaction() as session:
            return await FileRepository(session).page(user_id, limit=limit, before=before)

    async def delete(self, user_id: str, file_id: str) -> None:
        """Delete a file; finished tasks keep what they made from it."""
        async with self._database.transaction() as session:
            files = FileRepository(session)
            found = await files.find_many(user_id, [file_id])
            if not found:
                raise FileMissing(f"There is no file {file_id} among yours.")
            await files.delete(found[0])

    async def search(self, user_id: str, query: str, *, limit: int = 10) -> list[PassageHit]:
        """Search the user's passages by words and by meaning."""
        vector = None
        if self._embedder is not None:
            vector = (await asyncio.to_thread(self._embedder.encode, [query]))[0]
        async with self._database.transaction() as session:
            return await FileRepository(session).search(user_id, query, vector=vector, limit=limit)

    async def _read(self, user_id: str, upload: Upload) -> "File | _NewFile":
        name = clean_name(upload.name)
        sha256 = sha256_hex(upload.content)
        async with self._database.transaction() as session:
            same = await FileRepository(session).find_same(user_id, name, sha256)
        if same is not None:
            return same
        extract = await self._reader.read(upload.content, file_id=new_id(), file_name=name)
        return _NewFile(upload.content, sha256, extract)

    async def _store(self, user_id: str, file: "File | _NewFile") -> File:
        if isinstance(file, File):
            return file
        extract = file.extract
        await asyncio.to_thread(self._blobs.put, file.content)
        extract_sha256 = await asyncio.to_thread(
            self._blobs.put, extract.model_dump_json().encode()
        )
        row = File(
            id=extract.file_id,
            user_id=user_id,
            name=extract.file_name,
            media_type=extract.media_type,
            size_bytes=len(file.content),
            sha256=file.sha256,
            extract_sha256=extract_sha256,
            title=extract.title,
            language=extract.language,
            page_count=extract.page_count,
            passage_count=len(extract.passages),
            table_count=len(extract.tables),
            notices=list(extract.notices),
        )
        passages = await asyncio.to_thread(self._passage_rows, extract)
        async with self._database.transaction() as session:
            files = FileRepository(session)
            same = await files.claim(user_id, row.name, row.sha256)
            if same is not None:
                return same
            await files.add(row, passages)
            await session.refresh(row)
        return row

    def _passage_rows(self, extract: Extract) -> list[FilePassage]:
        texts = [passage.text for passage in extract.passages[:MAX_EMBEDDED]]
        embeds = self._embedder is not None and len(extract.passages) <= MAX_EMBEDDED
        vectors = self._embedder.encode(texts) if self._embedder is not None and embeds else None
        return [
            FilePassage(
                ordinal=passage.ordinal,
                kind=passage.kind,
                locator=passage.locator,
                section=passage.section,
                text=passage.text,
                sha256=passage.sha256,
                embedding=None if vectors is None else vectors[index],
            )
            for index, passage in enumerate(extract.passages)
        ]


@dataclass(frozen=True, slots=True)
class _NewFile:
    content: bytes
    sha256: str
    extract: Extract
