"""Words that say nothing about the subject, in both languages."""

from collections.abc import Mapping

from app.schemas.source import Language

_ENGLISH = """
a about above after again all also am an and any are as at be because been before being below
between both but by can could did do does doing down during each few for from further had has have
having he her here hers him his how i if in into is it its itself just me more most my no nor not
now of off on once only or other our out over own per please same she should so some such than
that the their them then there these they this those through to too under until up upon us very
was we were what when where which while who whom why will with would you your
"""
_KOREAN = """
가 각 같은 것 것은 것을 것이 것이다 그 그러나 그런 그리고 그것 그는 그들 그래서 까지 나 내 너
다 다른 대한 대해 대하여 더 데 된 된다 되는 두 들 등 등을 등의 따라 따른 또 또는 및 로 를 모든
부터 사이 수 아래 안 약 어떤 에 에게 에서 여러 역시 와 왜 우리 위 위한 위해 으로 은 을 의 이 이는
이다 이런 이를 이번 있는 있다 있으며 자 저 전 좀 중 즉 지 지금 통해 통한 하고 하는 하며 하여 하지만
한 한다 할 함께 해 했다 해당 매우 가장 주세요 줘 해줘
"""
STOP_WORDS: Mapping[Language, frozenset[str]] = {
    "en": frozenset(_ENGLISH.split()),
    "ko": frozenset(_KOREAN.split()),
}
ALL_STOP_WORDS: frozenset[str] = STOP_WORDS["en"] | STOP_WORDS["ko"]
