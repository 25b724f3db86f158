"""Every query of files and passages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Float, Select, cast, func, insert, literal, select, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import File, FilePassage
from app.sources import tokens
from app.sources.embed import Matrix

# Reciprocal rank fusion: Cormack, Clarke & Buettcher, SIGIR 2009, with their k.
RRF_K = 60
CANDIDATES = 50
INSERT_BATCH = 500


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage found by search, with its fused rank score; higher is better."""

    file_id: str
    file_name: str
    locator: str
    section: str
    text: str
    sha256: str
    score: float


class FileRepository:
    """Files and passages within the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_same(self, user_id: str, name: str, sha256: str) -> File | None:
        """Return the user's file with this name and content, if there is one."""
        found = await self._session.execute(
            readable_files(user_id)
            .where(File.sha256 == sha256, File.name == name)
            .order_by(File.created_at)
            .limit(1)
        )
        return found.scalar_one_or_none()

    async def claim(self, user_id: str, name: str, sha256: str) -> File | None:
        """As `find_same`; others who claim the same wait for the end of this transaction."""
        key = func.hashtextextended(f"{user_id}/{sha256}/{name}", 0)
        await self._session.execute(select(func.pg_advisory_xact_lock(key)))
        return await self.find_same(user_id, name, sha256)

    async def find_many(self, user_id: str, file_ids: Sequence[str]) -> list[File]:
        """Return those of the ids that the user may read."""
        found = await self._session.execute(readable_files(user_id).where(File.id.in_(file_ids)))
        return list(found.scalars())

    async def extracts(self, file_ids: Sequence[str]) -> list[tuple[str, str]]:
        """Return (file id, extract hash) of files, in the order asked; for the engine."""
        found = await self._session.execute(
            select(File.id, File.extract_sha256).where(File.id.in_(file_ids))
        )
        by_id = {row.id: row.extract_sha256 for row in found}
        return [(file_id, by_id[file_id]) for file_id in file_ids if file_id in by_id]

    async def page(
        self, user_id: str, *, limit: int, before: tuple[datetime, str] | None
    ) -> list[File]:
        """Return the user's files, newest first, from before a (created_at, id) key."""
        query = readable_files(user_id)
        if before is not None:
            query = query.where(tuple_(File.created_at, File.id) < before)
        found = await self._session.execute(
            query.order_by(File.created_at.desc(), File.id.desc()).limit(limit)
        )
        return list(found.scalars())

    async def add(self, file: File, passages: Sequence[FilePassage]) -> None:
        """Insert a file with its passages."""
        self._session.add(file)
        await self._session.flush()
        rows = [
            {
                "file_id": file.id,
                "ordinal": passage.ordinal,
                "kind": passage.kind,
                "locator": passage.locator,
                "section": passage.section,
                "text": passage.text,
                "sha256": passage.sha256,
                "words": func.array_to_tsvector(word_list(f"{passage.section} {passage.text}")),
                "embedding": passage.embedding,
            }
            for passage in passages
        ]
        for start in range(0, len(rows), INSERT_BATCH):
            await self._session.execute(
                insert(FilePassage).values(rows[start : start + INSERT_BATCH])
            )

    async def delete(self, file: File) -> None:
        """Delete a file with its passages."""
        await self._session.delete(file)

    async def search(
        self, user_id: str, query: str, *, vector: Matrix | None, limit: int
    ) -> list[PassageHit]:
        """Return the passages nearest to the query by words and by meaning, fused."""
        scores: dict[int, float] = {}
        for ranking in (
            self._by_words(user_id, query),
            self._by_meaning(user_id, vector) if vector is not None else None,
        ):
            if ranking is None:
                continue
            ids = (await self._session.execute(ranking)).scalars()
            for rank, passage_id in enumerate(ids, start=1):
                scores[passage_id] = scores.get(passage_id, 0.0) + 1 / (RRF_K + rank)
        best = sorted(scores, key=lambda id: (-scores[id], id))[:limit]
        return await self._hits(best, scores)

    def _by_words(self, user_id: str, query: str) -> Select[int] | None:
        words = word_list(query)
        if not words:
            return None
        quoted = " | ".join(
            "'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words
        )
        asked = cast(literal(quoted), TSQUERY)
        return (
            select(FilePassage.id)
            .join(File, File.id == FilePassage.file_id)
            .where(File.user_id == user_id, FilePassage.words.op("@@")(asked))
            .order_by(func.ts_rank(FilePassage.words, asked, 1).desc(), FilePassage.id)
            .limit(CANDIDATES)
        )

    def _by_meaning(self, user_id: str, vector: Matrix) -> Select[int]:
        distance = FilePassage.embedding.op("<=>", return_type=Float())(vector)
        return (
            select(FilePassage.id)
            .join(File, File.id == FilePassage.file_id)
            .where(File.user_id == user_id, FilePassage.embedding.is_not(None))
            .order_by(distance, FilePassage.id)
            .limit(CANDIDATES)
        )

    async def _hits(self, ids: Sequence[int], scores: dict[int, float]) -> list[PassageHit]:
        found = await self._session.execute(
            select(FilePassage, File.name)
            .join(File, File.id == FilePassage.file_id)
            .where(FilePassage.id.in_(ids))
        )
        by_id = {
            passage.id: PassageHit(
                file_id=passage.file_id,
                file_name=name,
                locator=passage.locator,
                section=passage.section,
                text=passage.text,
                sha256=passage.sha256,
                score=scores[passage.id],
            )
            for passage, name in found
        }
        return [by_id[id] for id in ids if id in by_id]


def readable_files(user_id: str) -> Select[File]:
    """Return the statement for all files that the user may read."""
    return select(File).where(File.user_id == user_id)


def word_list(text: str) -> list[str]:
    """Return the distinct words of a text as search keeps them, in sorted order."""
    return sorted({token[:200] for token in tokens(text) if token})
