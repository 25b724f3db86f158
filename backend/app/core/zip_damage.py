"""What `zipfile` raises over damaged archives: it checks little before it reads on."""

import zipfile
import zlib

# Without `OSError`, which over a file on disk says that the disk failed and not the archive.
ZIP_DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    NotImplementedError,
    ValueError,
)
# Where the archive is in memory or a copy of it, so that a failed read is damage too.
ZIP_OR_READ_DAMAGE: tuple[type[Exception], ...] = (*ZIP_DAMAGE, OSError)
