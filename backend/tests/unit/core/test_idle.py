"""What is released when nobody works, and when."""

import asyncio
from dataclasses import dataclass, field

from app.core.clock import monotonic_s
from app.core.idle import IdleRelease, return_memory


@dataclass
class Part:
    """A part that was last used at `used_s`."""

    used_s: float | None
    releases: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def last_used_s(self) -> float | None:
        return self.used_s

    def release(self) -> None:
        self.releases += 1
        self.used_s = None
        self.released.set()


class TestLook:
    def test_releases_what_was_not_used_for_long(self) -> None:
        part = Part(used_s=100)
        assert IdleRelease((part,), after_s=60).look(160) == 1
        assert part.releases == 1

    def test_leaves_what_was_used_a_moment_ago(self) -> None:
        part = Part(used_s=101)
        assert IdleRelease((part,), after_s=60).look(160) == 0
        assert part.releases == 0

    def test_leaves_what_holds_nothing(self) -> None:
        part = Part(used_s=None)
        assert IdleRelease((part,), after_s=60).look(1e9) == 0

    def test_takes_each_part_by_its_own_use(self) -> None:
        old, new = Part(used_s=0), Part(used_s=159)
        IdleRelease((old, new), after_s=60).look(160)
        assert (old.releases, new.releases) == (1, 0)


class TestWatch:
    async def test_releases_by_itself(self) -> None:
        part = Part(used_s=monotonic_s())
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            watch = group.create_task(IdleRelease((part,), after_s=0.02).watch())
            await part.released.wait()
            watch.cancel()
        assert part.releases == 1


class TestReturnMemory:
    def test_works_on_this_system(self) -> None:
        return_memory()
