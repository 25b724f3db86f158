"""What users uploaded, and its text in citable pieces."""

from typing import Any

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, CreatedAt, Id

EMBEDDING_SIZE = 512


class File(Base):
    """An uploaded file. Its bytes and its extract are blobs under their hashes."""

    __tablename__ = "files"
    __table_args__ = (Index(None, "user_id", "created_at"),)

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("users.id", ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    extract_sha256: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    page_count: Mapped[int | None]
    passage_count: Mapped[int]
    table_count: Mapped[int]
    notices: Mapped[list[Any]] = mapped_column(JSONB)
    created_at: Mapped[CreatedAt]


class FilePassage(Base):
    """One citable piece of a file, with what search needs: word vector and embedding."""

    __tablename__ = "passages"
    __table_args__ = (
        Index(None, "file_id", "ordinal", unique=True),
        Index("ix_passages_words", "words", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    file_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("files.id", ondelete="CASCADE")
    )
    ordinal: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    locator: Mapped[str] = mapped_column(Text)
    section: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(TSVECTOR)
    embedding: Mapped[Any | None] = mapped_column(VECTOR(EMBEDDING_SIZE))
