"""The review inside the file: one line in an office file's own properties, as "Comments"."""

from app.artifacts.ooxml import (
    CORE_PART,
    parse_part,
    read_part,
    rewrite_parts,
    write_part,
)
from app.schemas.review import ReviewReport
from app.schemas.source import Language

_DESCRIPTION = "{http://purl.org/dc/elements/1.1/}description"
_ZIP_MARK = b"PK\x03\x04"
_MAX_FAULTS = 5


def with_review(content: bytes, review: ReviewReport, language: Language) -> bytes:
    """Return the file with its review in its properties.

    Markdown and HTML have no place for one and come back as they are.
    """
    core = read_part(content, CORE_PART) if content.startswith(_ZIP_MARK) else None
    if core is None:
        return content
    root = parse_part(core)
    for old in root.findall(_DESCRIPTION):
        root.remove(old)
    described = root.makeelement(_DESCRIPTION)
    described.text = review_line(review, language)
    root.append(described)
    return rewrite_parts(content, {CORE_PART: write_part(root)})


def review_line(review: ReviewReport, language: Language) -> str:
    """Say a review in one line: score, version kept, open faults."""
    faults = [fault.message for fault in review.faults]
    count, rounds = len(faults), len(review.rounds)
    if language == "ko":
        head = f"검토 점수 {review.score}/100, {rounds}개 판 가운데 {review.kept_round}번째"
        tail = f", 남은 지적 {count}건" if count else ", 남은 지적 없음"
    else:
        head = f"Review: {review.score} of 100, version {review.kept_round} of {rounds}"
        tail = f", {count} open fault{'' if count == 1 else 's'}" if count else ", no open fault"
    listed = " ".join(faults[:_MAX_FAULTS])
    return f"{head}{tail}: {listed}" if listed else f"{head}{tail}."
