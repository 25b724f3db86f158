"""The archive of a bundle: written the same way every time, and read without trusting it.

Members are stored, not packed. So equal rows give equal bytes whatever compressor is installed, and
no bundle can unpack to more than its own size.
"""

import hashlib
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pydantic import ValidationError

from app.core.blobs import sha256_hex
from app.core.zip_damage import ZIP_DAMAGE
from app.schemas.bundle import (
    FORMAT,
    FORMAT_VERSION,
    BundleManifest,
    BundleMember,
    ManifestHead,
)
from app.services.bundles.errors import (
    BundleTampered,
    BundleUnreadable,
    BundleUnsafe,
    BundleVersionUnknown,
)

MANIFEST = "manifest.json"
NAME = re.compile(r"[a-z]{1,20}(/[a-z0-9][a-z0-9_-]{0,79})?(\.json)?")
MAX_MEMBERS = 100_000
# The first day that the format can name: no clock may reach the bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX, OWNER_READS_AND_WRITES = 3, 0o100600 << 16
ENCRYPTED = 0x1
# The last record of an archive without a comment.
END_MARK, END_BYTES = b"PK\x05\x06", 22
CHUNK_BYTES = 1_048_576


def write_archive(
    out: IO[bytes], members: Iterable[tuple[str, bytes]], *, task_id: str, versions: dict[str, str]
) -> None:
    """Write the members in the order given and, last, the manifest that names them all."""
    written: list[BundleMember] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members:
            archive.writestr(_header(name), content)
            written.append(
                BundleMember(name=name, size_bytes=len(content), sha256=sha256_hex(content))
            )
        manifest = BundleManifest(task_id=task_id, versions=versions, members=tuple(written))
        archive.writestr(_header(MANIFEST), manifest.model_dump_json(indent=1).encode())


def _header(name: str) -> zipfile.ZipInfo:
    header = zipfile.ZipInfo(name, EPOCH)
    header.create_system = UNIX
    header.external_attr = OWNER_READS_AND_WRITES
    return header


@dataclass(frozen=True, slots=True)
class VerifiedArchive:
    """An open archive all of whose members are what its manifest says."""

    manifest: BundleManifest
    archive: zipfile.ZipFile

    def read(self, name: str) -> bytes:
        """Return a member's bytes.

        Raises:
            BundleTampered: There is no such member.
        """
        try:
            return self.archive.read(name)
        except KeyError:
            raise BundleTampered(
                f"The bundle names {name} but does not hold it; export the task again."
            ) from None

    def has(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self.archive.NameToInfo

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.archive.close()


def open_archive(path: Path) -> VerifiedArchive:
    """Open a bundle and check all of it; close what is returned.

    Raises:
        BundleUnreadable: It is no archive, a part of one, or has no manifest.
        BundleUnsafe: Its members have odd or repeated names, or are packed or encrypted.
        BundleVersionUnknown: Its format is of another version.
        BundleTampered: A member is missing, added or changed.
    """
    try:
        archive = zipfile.ZipFile(path)
    except ZIP_DAMAGE as error:
        raise _unreadable(path) from error
    try:
        if not _is_whole(archive, path):
            raise _unreadable(path)
        _check_shape(archive, path.stat().st_size)
        manifest = _manifest(archive, path)
        _check_members(archive, manifest)
    except ZIP_DAMAGE as error:
        archive.close()
        raise _unreadable(path) from error
    except BaseException:
        archive.close()
        raise
    return VerifiedArchive(manifest, archive)


def _unreadable(path: Path) -> BundleUnreadable:
    return BundleUnreadable(
        f"{path.name} is not a whole bundle; it may have been cut short on its way. Export the "
        "task again, or copy the file anew."
    )


def _is_whole(archive: zipfile.ZipFile, path: Path) -> bool:
    """Whether the archive reaches from the file's first byte to its last.

    Office files are archives themselves and are stored unpacked: in a bundle that was cut short
    the last one of them would be taken for the whole.
    """
    with path.open("rb") as file:
        file.seek(-END_BYTES, os.SEEK_END)
        ends_here = file.read(len(END_MARK)) == END_MARK
    return ends_here and min((m.header_offset for m in archive.infolist()), default=1) == 0


def _check_shape(archive: zipfile.ZipFile, archive_bytes: int) -> None:
    """Judge the archive by its directory alone, before a byte of a member is read."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise BundleUnsafe(f"The bundle has more than {MAX_MEMBERS:,} members; none is that large.")
    odd = next((m for m in members if NAME.fullmatch(m.orig_filename) is None), None)
    if odd is not None:
        raise BundleUnsafe(f"The bundle has a member {odd.orig_filename[:80]!r}; no bundle has.")
    repeated = [n for n, count in Counter(m.filename for m in members).items() if count > 1]
    if repeated:
        raise BundleUnsafe(f"The bundle has the member {repeated[0]} more than once.")
    if any(m.flag_bits & ENCRYPTED for m in members):
        raise BundleUnsafe("The bundle is encrypted; bundles are not.")
    is_packed = any(
        m.compress_type != zipfile.ZIP_STORED or m.compress_size != m.file_size for m in members
    )
    if is_packed or sum(m.file_size for m in members) > archive_bytes:
        raise BundleUnsafe(
            "The bundle is packed; bundles are stored as they are. Use the file that the export "
            "wrote, not one that was zipped again."
        )


def _manifest(archive: zipfile.ZipFile, path: Path) -> BundleManifest:
    try:
        content = archive.read(MANIFEST)
        head = ManifestHead.model_validate_json(content)
    except (KeyError, ValidationError) as error:
        raise _unreadable(path) from error
    if head.format != FORMAT:
        raise BundleUnreadable(f"{path.name} is not a bundle of Madang.")
    if head.version != FORMAT_VERSION:
        raise BundleVersionUnknown(
            f"The bundle's format is version {head.version}; this Madang reads version "
            f"{FORMAT_VERSION}. Use a Madang that reads it.",
            version=head.version,
        )
    try:
        return BundleManifest.model_validate_json(content)
    except ValidationError as error:
        raise BundleTampered(
            "The bundle's manifest does not have the form of its version; export the task again."
        ) from error


def _check_members(archive: zipfile.ZipFile, manifest: BundleManifest) -> None:
    held = {member.filename for member in archive.infolist()} - {MANIFEST}
    named = {member.name for member in manifest.members}
    if held != named or len(named) != len(manifest.members):
        differing = ", ".join(sorted(held ^ named)[:3]) or "a repeated name"
        raise BundleTampered(
            f"The bundle and its manifest differ in {differing}; export the task again."
        )
    for member in manifest.members:
        if _size_and_hash(archive, member.name) != (member.size_bytes, member.sha256):
            raise BundleTampered(
                f"{member.name} is not what the bundle's manifest says; export the task again."
            )


def _size_and_hash(archive: zipfile.ZipFile, name: str) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()
