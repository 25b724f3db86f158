"""Files as rows, read in this process rather than in one of their own."""

from datetime import datetime

from sqlalchemy import func

from app.core.blobs import BlobStore, sha256_hex
from app.core.database import Database
from app.core.ids import new_id
from app.models import File, FilePassage
from app.schemas.source import Extract
from app.services.files import FileRepository
from app.sources import FileLimits, read_file

NOTES = """# Sales in Seoul

Sales in Seoul grew by 12% in the third quarter. The umbrella line led with 4,200 units.

| Quarter | Units | Revenue |
|---|---|---|
| Q1 | 3100 | 41000 |
| Q2 | 3700 | 47500 |
| Q3 | 4200 | 53200 |
"""


async def make_file(
    database: Database,
    user_id: str,
    *,
    name: str = "notes.md",
    text: str = NOTES,
    created_at: datetime | None = None,
    blobs: BlobStore | None = None,
) -> File:
    """Insert a file with its passages. With `blobs` tasks can work from it."""
    content = text.encode()
    extract = read_file(content, file_id=new_id(), file_name=name, limits=FileLimits())
    stored = extract.model_dump_json().encode()
    if blobs is not None:
        blobs.put(stored)
    file = File(
        id=extract.file_id,
        user_id=user_id,
        name=name,
        media_type=extract.media_type,
        size_bytes=len(content),
        sha256=sha256_hex(content),
        extract_sha256=sha256_hex(stored),
        title=extract.title,
        language=extract.language,
        passage_count=len(extract.passages),
        table_count=len(extract.tables),
        notices=[],
        created_at=created_at or func.now(),
    )
    async with database.transaction() as session:
        await FileRepository(session).add(file, _passages(extract))
        await session.refresh(file)
    return file


def _passages(extract: Extract) -> list[FilePassage]:
    return [
        FilePassage(
            ordinal=passage.ordinal,
            kind=passage.kind,
            locator=passage.locator,
            section=passage.section,
            text=passage.text,
            sha256=passage.sha256,
        )
        for passage in extract.passages
    ]
