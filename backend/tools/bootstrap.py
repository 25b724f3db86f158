"""Set up `.venv` from the locks with nothing but this Python and the vendored pip.

`./run` calls this with the machine's own Python when a lock has changed, before any package is
there, so only the standard library is used. Usage: bootstrap.py LOCK...
"""

import ast
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
UV_LOCK = ROOT / "vendor" / "uv.lock"

# pip's option -> uv's variable. uv does not read pip's configuration, but users have one.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
}
COMMA_SEPARATED = {"UV_FIND_LINKS"}


class SetupError(Exception):
    """Set-up cannot go on; the message is one sentence for the user."""


def parse_pip_configuration(listing: str) -> dict[str, str]:
    """Return pip's options by name from the output of `pip config list`.

    As in pip, an option of the command `install` beats the global one, and the environment beats
    both.
    """
    ranks = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in listing.splitlines():
        key, separator, quoted = line.partition("=")
        section, _, option = key.rpartition(".")
        if not separator or section not in ranks:
            continue
        entry = (ranks[section], str(ast.literal_eval(quoted)))
        found[option] = max(entry, found.get(option, entry), key=lambda item: item[0])
    return {option: value for option, (_, value) in found.items()}


def uv_environment(pip_options: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return `environ` with the user's pip options in uv's words; what is set for uv stays."""
    result = dict(environ)
    for option, variable in PIP_TO_UV.items():
        if option in pip_options and variable not in environ:
            value = " ".join(pip_options[option].split())
            result[variable] = value.replace(" ", ",") if variable in COMMA_SEPARATED else value
    # pip takes a version from whichever index has it; the hashes of the lock make that safe.
    result.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return result


def pip_command() -> list[str]:
    """Return the command line that runs the vendored pip, without installing it."""
    wheel = next((ROOT / "vendor").glob("pip-*-py3-none-any.whl"))
    return [sys.executable, str(wheel / "pip"), "--disable-pip-version-check"]


def run(command: Sequence[str], environ: Mapping[str, str], failure: str) -> str:
    """Run a command and return its output; on failure say `failure` and keep the details."""
    done = subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
        command, cwd=ROOT, env=dict(environ), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        log = TOOLS / "setup.log"
        log.write_text(f"{' '.join(command)}\n{done.stdout}{done.stderr}", encoding="utf-8")
        raise SetupError(f"{failure} Details: {log}")
    return done.stdout


def install_uv(environ: Mapping[str, str]) -> Path:
    """Return the pinned uv, fetching it first if it is not there."""
    uv = TOOLS / "bin" / "uv"
    stamp = TOOLS / "uv.lock"
    if uv.exists() and is_same_file(stamp, UV_LOCK):
        return uv
    command = [*pip_command(), "install", "--quiet", "--upgrade", "--only-binary=:all:"]
    command += ["--no-deps", "--require-hashes", "--target", str(TOOLS), "-r", str(UV_LOCK)]
    # Wishes about where pip installs would contradict --target.
    plain = {**environ, "PIP_REQUIRE_VIRTUALENV": "0", "PIP_USER": "0"}
    run(command, plain, "Cannot fetch uv: check the network or your pip index settings.")
    shutil.copyfile(UV_LOCK, stamp)
    return uv


def is_same_file(one: Path, other: Path) -> bool:
    """Return whether both files are there with the same bytes."""
    return one.exists() and one.read_bytes() == other.read_bytes()


def stamp_of(lock: Path, venv: Path = VENV) -> Path:
    """Return where the copy of the lock stands that the environment was made from."""
    return venv / f".from-{lock.name}"


def locks_to_install(asked: Sequence[Path], venv: Path = VENV) -> list[Path]:
    """Return the locks asked for and those already installed: nothing useful is taken away."""
    installed = [p for p in sorted(asked[0].parent.glob("*.lock")) if stamp_of(p, venv).exists()]
    return sorted({*asked, *installed})


@contextmanager
def only_one() -> Iterator[None]:
    """Let one set-up run at a time; the kernel frees the lock if its holder dies."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "setup.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def set_up(asked: Sequence[Path], environ: Mapping[str, str]) -> None:
    """Make `.venv` hold exactly what the locks say."""
    is_whole = (VENV / "bin" / "python").exists()
    if is_whole and all(is_same_file(stamp_of(lock), lock) for lock in asked):
        return  # another ./run did it while this one waited
    sys.stderr.write("Setting up Madang (once; needs the network) ...\n")
    listing = run([*pip_command(), "config", "list"], environ, "pip cannot read its settings.")
    uv_environ = uv_environment(parse_pip_configuration(listing), environ)
    uv = install_uv(environ)
    if not is_whole:
        command = [str(uv), "venv", "--quiet", "--clear", "--no-python-downloads"]
        command += ["--no-project", "--python", sys.executable, str(VENV)]
        run(command, uv_environ, "Cannot make the virtual environment .venv.")
    locks = locks_to_install(asked)
    command = [str(uv), "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"]
    command += ["--python", str(VENV / "bin" / "python"), *map(str, locks)]
    run(command, uv_environ, "Cannot fetch the packages: check the network or your index settings.")
    for lock in locks:
        shutil.copyfile(lock, stamp_of(lock))


def main() -> int:
    """Set up for the locks named on the command line."""
    try:
        with only_one():
            environ = os.environ  # noqa: TID251 - handed on to pip and uv, before the application
            set_up([Path(argument).resolve() for argument in sys.argv[1:]], environ)
    except SetupError as failure:
        sys.stderr.write(f"madang: {failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
