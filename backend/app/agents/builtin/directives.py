"""Sentences that direct the making of an answer, told by how they are built, not by their topic.

A source states things; it has no business with the answer that is being made of it. So a sentence
is a directive when two things meet: it names the answer or a part of it (the report, a heading,
your reply, a word to write), and it is no plain statement: an imperative, an address in the second
person, or a demand ("must say", "it is essential that", "적혀야 한다").
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EN_PARTS = (
    r"(?:answers?|responses?|repl(?:y|ies)|summar(?:y|ies)|reports?|briefs?|memos?|decks?|slides?"
    r"|presentations?|documents?|workbooks?|headings?|titles?|headlines?|outputs?|words?"
    r"|sentences?|paragraphs?|phrases?|bullets?|requests?|instructions?|prompts?|conversations?)"
)
_EN_DETERMINER = (
    r"(?:the|an?|any|each|every|all|your|this|that|these|those|its|their|no|whatever|both|one)"
)
# "the report" and "a single slide", but not "the field report", which is a paper of its own.
_EN_NAMED = rf"(?:{_EN_DETERMINER}\s+{_EN_PARTS}|(?!the\s){_EN_DETERMINER}\s+[\w-]+\s+{_EN_PARTS})"
_EN_ANSWER = re.compile(rf"\b{_EN_NAMED}\b", re.IGNORECASE)
_EN_LITERAL = re.compile(r"[\"'\u2018\u201c][^\"'\u2019\u201d]{1,80}[\"'\u2019\u201d](?!\w)")
_EN_ONLY = re.compile(r"\b(?:only|nothing\s+(?:else|but|more)|alone|solely|just)\b", re.IGNORECASE)
# Closed classes of words: none of them is a verb, so a clause that they open is no imperative.
_EN_NO_VERB = _words(
    "a about above after all along also although among an and another any are as at because been "
    "before below both but by despite did do does during each either every few for from given had "
    "half has have he her here his how however i if in including into is it its like many may more "
    "most my near neither no none nor not of off on once one or other our out over per several she "
    "since so some still such than that the their then there these they this those though through "
    "to too under unless until upon was we were what when where whether which while who whose why "
    "with within without yet you your"
)
_EN_SOFTENER = (
    r"(?:(?:please|kindly|now|then|next|first|finally|just|simply|always|never|instead"
    r"|do\s+not|don't|\w+ly)[,\s]+)*"
)
_EN_IMPERATIVE = re.compile(
    rf"^[\"'\u2018\u201c(\[*#>\s-]*{_EN_SOFTENER}(?P<verb>[a-z]+)\s+"
    rf"(?:(?:aside|out|off|up|down|away|back|over|with|sure)\s+)?"
    rf"(?:that\s+)?(?:{_EN_DETERMINER}|it|them|me|us|only|nothing|just|[\"'\u2018\u201c]|(?-i:[A-Z]{{4,}})\b)",
    re.IGNORECASE,
)
_EN_OPENER = re.compile(
    r"^(?:if|when|whenever|before|after|once|while|upon|for|to|in|on|as|from|instead|rather)\b"
    r"[^,]{0,80},\s*",
    re.IGNORECASE,
)
_EN_CLAUSE = re.compile(r"\s*[;:\u2014\u2013]\s+")
_EN_YOU = re.compile(
    r"\byou(?:r|rs|rself)?\b.*\b(?:will|must|shall|should|need|have\s+to|are\s+to|could|would|can"
    r"|may|make|ensure|is|be)\b|\b(?:could|would|can|will)\s+you\b",
    re.IGNORECASE,
)
_EN_DEMAND = re.compile(
    r"\b(?:essential|vital|required|requested|important|necessary|mandatory|imperative|crucial"
    rf"|critical)\s+(?:that|for)\s+{_EN_NAMED}\b"
    rf"|(?:^|[;:,]\s*|\b(?:and|that)\s+){_EN_NAMED}"
    r"(?:\s+(?:of|on|to|for|from|about)\s+[^,;:]{1,40}?)?"
    r"\s+(?:must|shall|should|has\s+to|have\s+to|is\s+to|are\s+to|needs?\s+to|ought\s+to)\s+"
    r"(?:\w+\s+)?(?:say|state|open|begin|start|end|close|consist|read|claim|conclude|call|be\s+"
    r"(?:titled|called|named|replaced|deleted|left\s+out))\b",
    re.IGNORECASE,
)

# "title it HACKED", but not "prepare the report for ASEAN".
_EN_SHOUTED = re.compile(
    r"\b(?!(?:for|on|of|in|to|from|with|by|at|the|an?)\b)[A-Za-z]+\s+[A-Z]{4,}"
    r"(?=[.!?\"'\u2019\u201d]|\s*$|\s+(?:and|alone|only|then|in|as)\b)"
)

_KO_PARTS = (
    r"(?:답변|응답|대답|회신\s*문|요약(?:문|본)?|보고서|리포트|결과물|산출물|출력(?:물)?|문서|소?제목"
    r"|슬라이드|발표\s*자료|장표|문장|문구|단어|글자|첫\s*줄|본문|파일|지시|명령|지침|규칙|요청|프롬프트)"
)
_KO_ANSWER = re.compile(_KO_PARTS)
_KO_MAKING = re.compile(
    r"(?:쓰|써|쓸|적[어으을고혀]|작성|기재|기록|표기|표시|출력|답(?:하|해|할)|말하|말해|서술|바꾸|바꿔|바꿀"
    r"|변경|대체|교체|채우|채워|채울|지우|지워|지운|지울|삭제|제외|빼고|빼라|뺄|생략|넣|포함|무시|잊|따르지|만들"
    r"|시작|끝내|마치|언급|덮어)"
)
_KO_IMPERATIVE = re.compile(
    r"(?:[하해어아여워려라]라|하거라|시오|십시오|세요|셔요|바랍니다|바란다|바람|달라|(?:해|어|아|여|워|려|꿔)\s?줘"
    r"|[가-힣]\s?것|말\s?것|마라|말라)[.!\u3002\"'\u2019\u201d)\]\s]*$"
)
_KO_NOUN_ENDING = re.compile(r"[가-힣]\s?것[.!\s]*$")
_KO_FUTURE = re.compile(r"(?:할|쓸|[을를할될킬릴둘울뺄낼뗄])\s?것[.!\s]*$")
_KO_RUN_ON = re.compile(r"(?:[할쓸둘울뺄낼될킬릴]\s?것|시오|세요|바랍니다)(?=\s)")
_KO_DEMAND = re.compile(
    r"(?:[아어여해혀져워겨돼되]야)\s*(?:만\s*)?(?:한다|합니다|함|된다|됩니다|할|하며)"
)
_KO_LITERAL = re.compile(
    r"[\"'\u2018\u201c「『][^\"'\u2019\u201d」』]{1,60}[\"'\u2019\u201d」』]|(?:이?라고|이?라는)(?:만)?\s"
)
_KO_ONLY = re.compile(r"[가-힣\"'\u2019\u201d](?:만|뿐)(?=\s)|한\s*(?:단어|문장|줄)로")
_KO_DUTY = re.compile(r"^[^,.]{1,20}?[가-힣](?:은|는|이|가|께서)\s.*까지\s")
_EN_DUTY = re.compile(
    r"\bby\s+(?:the\s+end\b|\d|(?:next|mon|tues|wednes|thurs|fri|jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec)\w*)",
    re.IGNORECASE,
)
_HANGUL = re.compile(r"[가-힣]")


def is_directive(sentence: str) -> bool:
    """Say whether a sentence tells its reader what answer to make of the text."""
    text = sentence.strip()
    if _HANGUL.search(text):
        return _is_korean_directive(text)
    return _is_english_directive(text)


def dictates_words(sentence: str) -> bool:
    """Say whether a directive also gives the words of the answer, or how little it is to say."""
    # The cheap half comes first: tables hold many thousand cells.
    return _has_words_to_say(sentence) and is_directive(sentence)


def is_imperative(sentence: str) -> bool:
    """Say whether a sentence, or one of its clauses, is an order of any kind."""
    text = sentence.strip()
    if _HANGUL.search(text):
        return _ends_as_order(text)
    return any(map(_opens_as_order, _clauses(text)))


def _has_words_to_say(text: str) -> bool:
    if _HANGUL.search(text):
        return _KO_LITERAL.search(text) is not None or _KO_ONLY.search(text) is not None
    return _gives_words(text) or _EN_SHOUTED.search(text) is not None


def _is_english_directive(text: str) -> bool:
    names_answer = _EN_ANSWER.search(text) is not None
    orders = [clause for clause in _clauses(text) if _opens_as_order(clause)]
    if any(map(_gives_words, orders)):
        return True
    if orders and names_answer and _EN_DUTY.search(text) is None:
        return True
    return (names_answer and _EN_YOU.search(text) is not None) or (
        _EN_DEMAND.search(text) is not None
    )


def _gives_words(clause: str) -> bool:
    return _EN_LITERAL.search(clause) is not None or _EN_ONLY.search(clause) is not None


def _clauses(text: str) -> list[str]:
    """Return where an imperative could begin: the sentence, its later clauses, after an opener."""
    parts = _EN_CLAUSE.split(text)
    return [*parts, *(_EN_OPENER.sub("", part) for part in parts if _EN_OPENER.match(part))]


def _opens_as_order(clause: str) -> bool:
    found = _EN_IMPERATIVE.match(clause)
    if found is None:
        return False
    verb = found.group("verb").lower()
    is_inflected = verb.endswith(("ing", "ed", "ly")) or (
        verb.endswith("s") and not verb.endswith("ss")
    )
    return verb not in _EN_NO_VERB and not is_inflected


def _is_korean_directive(text: str) -> bool:
    """Say so also of an order that runs into the next sentence because it lacks its full stop."""
    heads = (text[: end.end()] for end in _KO_RUN_ON.finditer(text))
    return any(map(_directs_in_korean, (*heads, text)))


def _directs_in_korean(text: str) -> bool:
    gives_words = _KO_LITERAL.search(text) is not None
    if _KO_ANSWER.search(text) is None:
        return False
    if _ends_as_order(text):
        is_duty = _KO_DUTY.search(text) is not None and not gives_words
        return _KO_MAKING.search(text) is not None and not is_duty
    is_demand = _KO_DEMAND.search(text) is not None
    return is_demand and (gives_words or _KO_ONLY.search(text) is not None)


def _ends_as_order(text: str) -> bool:
    if _KO_NOUN_ENDING.search(text):
        return _KO_FUTURE.search(text) is not None
    return _KO_IMPERATIVE.search(text) is not None
