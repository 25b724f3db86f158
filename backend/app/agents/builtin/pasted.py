"""A goal's own material read as a source, for a composer that is asked without a task."""

from app.schemas.source import Extract, PassageKind
from app.sources import FileRefused, SourceLibrary, pasted_material, read_file

PASTED_FILE_ID = "goal"


def pasted_extract(goal: str) -> Extract | None:
    """Read what a goal holds beyond its order; None when it holds nothing to work from."""
    material = pasted_material(goal)
    if material is None:
        return None
    content = material.text.encode()
    try:
        extract = read_file(content, file_id=PASTED_FILE_ID, file_name=material.name)
    except FileRefused:
        return None
    has_content = extract.tables or any(p.kind is not PassageKind.HEADING for p in extract.passages)
    return extract if has_content else None


def with_pasted(goal: str, library: SourceLibrary) -> SourceLibrary:
    """Return the library, with the goal's own material where there are no files."""
    if library.extracts:
        return library
    extract = pasted_extract(goal)
    return SourceLibrary([extract]) if extract is not None else library
