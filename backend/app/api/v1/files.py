"""A user's files: upload, list, search, delete."""

from typing import Annotated

from fastapi import File, Query, UploadFile

from app.api.deps import CurrentUser, FileId, RuntimeDep
from app.api.paging import PageDep
from app.api.problems import problems
from app.api.routing import identified_router
from app.models import File as FileRow
from app.schemas.file import FileList, FilePage, FileRead, PassageList, PassageRead
from app.services.files import Upload

router = identified_router("/files", tag="files")

MAX_QUERY = 500
Uploads = Annotated[list[UploadFile], File(description="One file or many.")]
# No control character: PostgreSQL keeps no NUL, and no word has one.
Words = Annotated[
    str,
    Query(
        min_length=1,
        max_length=MAX_QUERY,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="Words or a question.",
    ),
]
HitLimit = Annotated[int, Query(ge=1, le=50, description="Most passages.")]


@router.post("", status_code=201, response_model=FileList, responses=problems(400, 413, 415, 422))
async def upload_files(files: Uploads, user: CurrentUser, runtime: RuntimeDep) -> FileList:
    """Upload and read files: all of them, or none. The same name and content is the same file."""
    uploads = [Upload(file.filename or "", await file.read()) for file in files]
    rows = await runtime.files.add_all(user.id, uploads)
    return FileList(items=tuple(_file_read(row) for row in rows))


@router.get("", response_model=FilePage, responses=problems(422))
async def list_files(user: CurrentUser, runtime: RuntimeDep, page: PageDep) -> FilePage:
    """List your files, newest first; the `Link` header leads to the next page."""
    rows, cursor = await page.cut(
        lambda limit, before: runtime.files.page(user.id, limit=limit, before=before)
    )
    return FilePage(items=tuple(_file_read(row) for row in rows), next_cursor=cursor)


@router.get("/search", response_model=PassageList, responses=problems(422))
async def search_files(
    q: Words, user: CurrentUser, runtime: RuntimeDep, limit: HitLimit = 10
) -> PassageList:
    """Search the text of your files by words and by meaning."""
    hits = await runtime.files.search(user.id, q, limit=limit)
    found = tuple(PassageRead.model_validate(hit, from_attributes=True) for hit in hits)
    return PassageList(items=found)


@router.get("/{file_id}", response_model=FileRead, responses=problems(404))
async def read_file(file_id: FileId, user: CurrentUser, runtime: RuntimeDep) -> FileRead:
    """Return what is known of a file."""
    (row,) = await runtime.files.find_many(user.id, [file_id])
    return _file_read(row)


@router.delete("/{file_id}", status_code=204, responses=problems(404))
async def delete_file(file_id: FileId, user: CurrentUser, runtime: RuntimeDep) -> None:
    """Delete a file. Finished tasks keep what they made from it."""
    await runtime.files.delete(user.id, file_id)


def _file_read(row: FileRow) -> FileRead:
    return FileRead.model_validate(row, from_attributes=True)
