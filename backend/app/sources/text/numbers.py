"""Numbers in prose, in a normal form, to check that none is invented.

A scale word multiplies exactly: "5,680억 원" is 568000000000, "3.2M" is 3200000. Percent keeps its
sign: "39%". Signs and currencies are left out, because "down 3.2%" and "-3.2%" say the same.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

SCALES: dict[str, Decimal] = {
    "천": Decimal(10**3),
    "만": Decimal(10**4),
    "십만": Decimal(10**5),
    "백만": Decimal(10**6),
    "천만": Decimal(10**7),
    "억": Decimal(10**8),
    "십억": Decimal(10**9),
    "백억": Decimal(10**10),
    "천억": Decimal(10**11),
    "조": Decimal(10**12),
    "k": Decimal(10**3),
    "thousand": Decimal(10**3),
    "m": Decimal(10**6),
    "mn": Decimal(10**6),
    "mm": Decimal(10**6),
    "million": Decimal(10**6),
    "b": Decimal(10**9),
    "bn": Decimal(10**9),
    "billion": Decimal(10**9),
    "t": Decimal(10**12),
    "tn": Decimal(10**12),
    "trillion": Decimal(10**12),
}
_KOREAN_SCALE = "천만|천억|십만|백만|십억|백억|천|만|억|조"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_QUANTITY = re.compile(
    r"(?<![A-Za-z_\d.])(?<!\d,)"
    r"(?P<money>(?:[$\u20ac\u00a3\u00a5\u20a9]|USD|EUR|GBP|KRW)\s?)?"
    rf"(?P<number>{_NUMBER})"
    r"(?:"
    r"\s?(?P<percent>%|\uff05|percent\b|per cent\b|퍼센트|프로(?![가-힣]))"
    rf"|\s?(?P<korean>{_KOREAN_SCALE})(?![자들큼족점기])"
    r"|\s?(?P<word>(?i:thousand|million|billion|trillion|bn|mn|tn)\b)"
    r"|(?P<letter>[KMBTk])(?![A-Za-z\d])"
    r"|(?P<money_letter>[mb])(?![A-Za-z\d])"
    r")?"
)
_CHAINED_GAP = re.compile(r"\s?$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text: `mantissa` as written, `scale` it is multiplied by, percent or not."""

    written: str
    mantissa: Decimal
    scale: Decimal
    scale_word: str
    is_percent: bool

    @property
    def normal(self) -> str:
        """The normal form: digits of the full value, with "%" for percent."""
        return plain(self.mantissa * self.scale) + ("%" if self.is_percent else "")


def plain(value: Decimal) -> str:
    """Write a decimal without exponent, trailing zeros or sign."""
    text = format(abs(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def quantities_in(text: str) -> list[Quantity]:
    """Return the numbers of `text` in order; "1조 2,000억" is one number."""
    return list(_join_chains(text))


def numbers_in(text: str) -> set[str]:
    """Return the normal forms of the numbers of `text`: {"568000000000", "39%"}."""
    return {quantity.normal for quantity in quantities_in(text)}


def unsupported_numbers(text: str, evidence: Iterable[str]) -> list[str]:
    """Return the numbers of `text`, as written, that no text of `evidence` bears out.

    A scaled number is also borne out by its mantissa in a text that names the same scale
    elsewhere, as tables do: "5,680억 원" by "매출(억원): 5,680".
    """
    known: set[str] = set()
    scaled: set[tuple[str, Decimal]] = set()
    for piece in evidence:
        found = quantities_in(piece)
        known |= {quantity.normal for quantity in found}
        scales = _scales_named(piece)
        scaled |= {(plain(q.mantissa), scale) for q in found for scale in scales}
    return [
        quantity.written
        for quantity in quantities_in(text)
        if quantity.normal not in known
        and (quantity.scale == 1 or (plain(quantity.mantissa), quantity.scale) not in scaled)
    ]


def scale_of(word: str) -> Decimal:
    """Return the factor of a scale word, 1 when it is none."""
    return SCALES.get(word.lower(), Decimal(1))


_NAMED = re.compile(
    rf"(?P<korean>{_KOREAN_SCALE})\s?(?:원|달러|대|명|개|건|톤|엔|유로)"
    r"|(?<![A-Za-z])(?P<word>(?i:thousands?|millions?|billions?|trillions?|bn|mn|tn))(?![A-Za-z])"
    r"|(?:USD|EUR|GBP|KRW|[$\u20ac\u00a3\u20a9])\s?(?P<letter>[kKmMbBtT])(?![A-Za-z])"
)


def _scales_named(text: str) -> set[Decimal]:
    words = (
        m.group("korean") or m.group("word") or m.group("letter") for m in _NAMED.finditer(text)
    )
    return {scale_of(word) for word in words} | {
        scale_of(word.lower().rstrip("s"))
        for m in _NAMED.finditer(text)
        if (word := m.group("word"))
    }


def _read(match: re.Match[str]) -> Quantity:
    letter = match.group("letter") or (match.group("money_letter") if match.group("money") else "")
    word = match.group("korean") or match.group("word") or letter or ""
    return Quantity(
        written=match.group().strip(),
        mantissa=Decimal(match.group("number").replace(",", "")),
        scale=scale_of(word),
        scale_word=word,
        is_percent=match.group("percent") is not None,
    )


def _join_chains(text: str) -> Iterator[Quantity]:
    """Join Korean numbers written in steps: each scale smaller than the one before."""
    pending: Quantity | None = None
    end = 0
    for match in _QUANTITY.finditer(text):
        quantity = _read(match)
        is_next = pending is not None and bool(_CHAINED_GAP.match(text[end : match.start()]))
        if pending is not None and is_next and _continues(pending, quantity):
            pending = _sum(pending, quantity)
        else:
            if pending is not None:
                yield pending
            pending = quantity
        end = match.end()
    if pending is not None:
        yield pending


def _continues(first: Quantity, second: Quantity) -> bool:
    is_korean = "가" <= first.scale_word[:1] <= "힣"
    fits = second.mantissa * second.scale < first.scale
    return is_korean and fits and not second.is_percent and first.mantissa % 1 == 0


def _sum(first: Quantity, second: Quantity) -> Quantity:
    value = first.mantissa * first.scale + second.mantissa * second.scale
    scale = second.scale
    return Quantity(
        written=f"{first.written} {second.written}",
        mantissa=value / scale,
        scale=scale,
        scale_word=second.scale_word,
        is_percent=False,
    )
