"""DAG shapes with a known critical path: what a step waits for, and how long it sleeps."""

from dataclasses import dataclass
from graphlib import TopologicalSorter


@dataclass(frozen=True)
class Shape:
    """A DAG: the parents of each node and the seconds that it sleeps, in a topological order."""

    name: str
    parents: dict[str, list[str]]
    sleep_s: dict[str, float]

    @property
    def order(self) -> list[str]:
        """The nodes, each after its parents."""
        return list(TopologicalSorter(self.parents).static_order())

    @property
    def critical_path_s(self) -> float:
        """The sum of sleeps along the longest way."""
        end: dict[str, float] = {}
        for node in self.order:
            start = max((end[parent] for parent in self.parents[node]), default=0.0)
            end[node] = start + self.sleep_s[node]
        return max(end.values())

    def expected(self) -> dict[str, int]:
        """What each node returns: one more than the sum of its parents."""
        value: dict[str, int] = {}
        for node in self.order:
            value[node] = (1 + sum(value[p] for p in self.parents[node])) & 0x7FFFFFFF
        return value


def chain(length: int, sleep_s: float) -> Shape:
    """Return nodes that each wait for the one before."""
    parents = {f"n{i}": [f"n{i - 1}"] if i else [] for i in range(length)}
    return Shape(f"chain {length}", parents, dict.fromkeys(parents, sleep_s))


def layers(width: int, height: int, sleep_s: float) -> Shape:
    """Return layers of which every node waits for the whole layer before."""
    parents = {
        f"l{row}-{column}": [f"l{row - 1}-{above}" for above in range(width)] if row else []
        for row in range(height)
        for column in range(width)
    }
    return Shape(f"layers {width}x{height}", parents, dict.fromkeys(parents, sleep_s))


def unbalanced(width: int, height: int, sleep_s: float, slow_s: float) -> Shape:
    """Return chains of which each is slow at another level: running by level pays for them all."""
    parents = {
        f"c{column}-{row}": [f"c{column}-{row - 1}"] if row else []
        for column in range(width)
        for row in range(height)
    }
    sleeps = {
        f"c{column}-{row}": slow_s if row == column else sleep_s
        for column in range(width)
        for row in range(height)
    }
    return Shape(f"unbalanced {width}x{height}", parents, sleeps)
