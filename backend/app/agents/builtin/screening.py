"""Which sentences may become content: whole statements, no boilerplate, no orders to a machine.

A file is material to report on, never a voice to obey. Sentences that speak to an assistant are
left out, with the orders that follow them in the same paragraph, and the reader is told.
"""

import re

from app.agents.builtin.directives import is_directive, is_imperative
from app.sources import split_sentences

_TO_MACHINE = re.compile(
    r"\b(?:(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|prompts?|rules?"
    r"|guidelines?|context|above|previous)\b"
    r"|you\s+are\s+(?:now\s+)?(?:an?\s+)?(?:ai|a\.i\.|assistant|language\s+model|llm"
    r"|chat\s?bot|chatgpt|gpt|claude|gemini|helpful)\b"
    r"|(?:the|any|all|dear|attention|hey|to)\s+(?:ai|a\.i\.|llms?|language\s+models?"
    r"|(?:ai\s+)?assistants?|(?:ai\s+)?agents?|chat\s?bots?)\b"
    r".{0,30}\b(?:must|should|shall|will|need|please|ignore|output|say|write|reply|respond"
    r"|reading|processing)\b"
    r"|(?:system|developer)\s+(?:prompt|message|instruction)s?\b|as\s+an\s+ai\b|(?:hidden"
    r"|secret)"
    r"\s+instructions?\b|(?:new|updated)\s+instructions?\s*:"
    r"|prompt\s+injection\b|jailbreak"
    r"|do\s+not\s+(?:tell|inform|mention|reveal)\b.{0,30}\b(?:user|reader|human|anyone)\b"
    r"|(?:respond|reply|answer|output)\s+(?:only|solely|exactly)\b|repeat\s+after\s+me\b"
    r"|(?:reveal|print|send|email|upload|exfiltrate)\b.{0,40}\b(?:api\s*keys?|passwords?"
    r"|credentials|secrets?|tokens?)\b"
    r"|when\s+(?:summari[sz]ing|processing|reading)\s+this\b)"
    r"|<\|?(?:im_start|system|endoftext)|\[/?INST\]|^\s*(?:system|assistant|user)\s*:",
    re.IGNORECASE,
)
_KO_TO_MACHINE = re.compile(
    r"(?:이전|위|앞|앞선|기존|모든)\s*(?:의\s*)?(?:모든\s*)?(?:지시|명령|지침|프롬프트"
    r"|규칙)[^.]{0,20}(?:무시|잊|따르지|버리)"
    r"|(?:당신|너|넌|귀하)(?:는|은|의)?\s*(?:이제\s*)?(?:부터\s*)?(?:AI|인공지능|비서|챗봇"
    r"|어시스턴트|언어\s?모델)"
    r"|(?:AI|인공지능|어시스턴트|챗봇|언어\s?모델|에이전트)(?:는|은|에게|이여|야"
    r"|라면)?[^.]{0,40}(?:하라|하시오|해라|할\s*것|해야\s*한다|출력|무시|답하)"
    r"|시스템\s*(?:프롬프트|메시지)|(?:사용자|독자)에게\s*(?:알리지|말하지|밝히지)"
    r"|(?:비밀번호|API\s*키|인증\s*정보)[^.]{0,20}(?:출력|전송|보내|공개)|이\s*문서를\s*(?:요약"
    r"|처리|읽)(?:하|는|을)\s*(?:때|AI)",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^(?:(?:please|then|instead|also|now|and)[,\s]+)*(?:say|write|state|output|print|repl(?:y|ies)"
    r"|respond|answer|tell|include|add|claim|conclude|recommend|mention|do\s+not|don't|never|always"
    r"|send|e?mail|call|use|delete|reveal|translate|act|pretend|make|create|list|show|stop|follow)\b"
    r"|,\s*(?:and\s+)?(?:say|write|state|repeat)\s+(?:so|this|that|it)\b"
    r"|(?:하라|하시오|해라|십시오|세요|어라|아라|쓰라|말라|말\s?것|할\s?것|하여라)[.!]?$",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"\ball\s+rights\s+reserved\b|\bcopyright\b|©|\bconfidential(?:ity)?\b.{0,20}\b(?:notice"
    r"|intended|only)\b|\bthis\s+page\s+(?:is\s+)?intentionally"
    r"|\b(?:click|tap)\s+here\b|\bsubscribe\b|\bcookies?\b.{0,20}\b(?:use|policy|accept)"
    r"|\bprivacy\s+policy\b|\bterms\s+(?:of|and)\s+(?:use|service|conditions)\b"
    r"|\btable\s+of\s+contents\b|\bsign\s+up\b|\bfollow\s+us\b|\blorem\s+ipsum\b"
    r"|\bfor\s+more\s+information,?\s+(?:visit|contact|see|call)\b"
    r"|^\s*(?:page|p\.)\s*\d+|^\s*\d+\s*/\s*\d+\s*$|\.{4,}|…{2,}|\bclick\s+to\s+(?:add|edit)\b"
    r"|\btype\s+(?:your\s+)?text\s+here\b"
    r"|무단\s*(?:전재|복제|배포)|저작권|개인정보\s*처리\s*방침|이용\s*약관|구독\s*(?:신청|하기"
    r"|버튼)|목\s*차\s*$|^\s*-\s*\d+\s*-\s*$"
    r"|자세한\s*내용은.{0,20}(?:문의|참조|참고)|문의\s*[:\uff1a]|본\s*(?:자료|보고서"
    r"|문서)는.{0,40}(?:배포|공유|대외비)"
    r"|^\s*(?:tel|fax|e-?mail|phone|url|web)\b\s*[:.]|https?://\S+\s*$|^\s*(?:작성자|작성일"
    r"|담당자|부서|발행일|연락처)\s*[:\uff1a]",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\b(?:(?:interviewed|surveyed|visited|questioned)(?=\s+\d|\s+\w+\s+(?:installers|people|customers"
    r"|users|firms|companies|households|staff|managers|respondents))|between\s+.{4,60}\bthe\s+(?:team|authors?|researchers?)"
    r"|this\s+(?:report|memo|document|paper|survey)"
    r"|the\s+report\s+(?:says|covers|describes)"
    r"|was\s+collected|methodology|the\s+(?:table|figure|chart)\s+(?:shows|below|above))\b"
    r"|이\s*(?:보고서|문서|메모|자료)[는은의]|(?:면담|인터뷰|설문)(?:을|를)?\s*(?:진행|실시)|(?:면담|조사|설문|인터뷰)(?:했다|하였다|했습니다"
    r"|을\s*실시)|아래\s*표|다음\s*표",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^\s*(?:figure|fig\.|table|chart|exhibit|source|note|sources|notes|그림|표|도표|출처|자료"
    r"|주)\s*\d*\s*[.:\uff1a\])]",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"^\s*[\[<{].*[\]>}]\s*\.?$|\[(?:insert|enter|your|name|date|company)[^\]]*\]", re.IGNORECASE
)
_KOREAN = re.compile(r"[가-힣]")
_KOREAN_END = re.compile(
    r"(?:다|요|함|음|임|됨|것|중|예정|전망|필요|수준|증가|감소|계획"
    r"|[가-힣]ㅁ)[.!。]?[\"'”\u2019)\]]*$"
)
_ENGLISH_END = re.compile(r"[.!。][\"'”\u2019)\]]*$")
_VERB_LIKE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|may|might|must|should|will"
    r"|would|lost|rose|fell|grew|cut|put|set|led|won|met|ran|saw|took|gave|made|kept|held|hit|paid"
    r"|sold|told|sent|left|came|went|got|let|spent|built|bought|brought|stood|began|broke|chose"
    r"|drew|drove|felt|found|became|cost|costs|[a-z]{2,}(?:ed|es|s|en))\b",
    re.IGNORECASE,
)
_CELLS = " | "
_MOST_CHARS = {"en": 340, "ko": 220}
_LEAST_LINE_WORDS, _MOST_LINE_WORDS = 3, 40
_LEAST_WORDS = {"en": 5, "ko": 3}


def speaks_to_a_machine(text: str) -> bool:
    """Say whether any sentence of a text directs an assistant instead of stating something.

    Cells that are read as text stand side by side in a line; each is judged for itself as well.
    """
    sentences = [piece for cell in text.split(_CELLS) for piece in split_sentences(cell)]
    return addresses_a_machine(text) or any(map(is_directive, sentences))


def addresses_a_machine(text: str) -> bool:
    """Say whether a text speaks to an assistant or of its instructions."""
    if _TO_MACHINE.search(text) is not None:
        return True
    return _KOREAN.search(text) is not None and _KO_TO_MACHINE.search(text) is not None


def gives_order(sentence: str) -> bool:
    """Say whether a sentence tells its reader to do something."""
    return _ORDER.search(sentence.strip()) is not None or is_imperative(sentence)


def is_about_method(sentence: str) -> bool:
    """Say whether a sentence tells how a file was made, not what it found."""
    return _METHOD.search(sentence) is not None


def is_statement(sentence: str, *, is_item: bool = False) -> bool:
    """Say whether a sentence is a whole statement that can stand in a document.

    A list item may lack its full stop, never its verb.
    """
    text = sentence.strip()
    if _BOILERPLATE.search(text) or _CAPTION.match(text) or _PLACEHOLDER.search(text):
        return False
    if text.endswith(("?", "\uff1f", ":", "\uff1a", ",", ";")):
        return False
    if _KOREAN.search(text):
        return _is_korean_statement(text)
    return _is_english_statement(text, is_item=is_item)


def is_line(text: str) -> bool:
    """Say whether a line of a list or an agenda says something: a few words, no boilerplate."""
    is_noise = _BOILERPLATE.search(text) or _CAPTION.match(text) or _PLACEHOLDER.search(text)
    words = text.split()
    return (
        not is_noise and not text.isupper() and _LEAST_LINE_WORDS <= len(words) <= _MOST_LINE_WORDS
    )


def _is_korean_statement(text: str) -> bool:
    words = text.split()
    fits = len(words) >= _LEAST_WORDS["ko"] and len(text) <= _MOST_CHARS["ko"]
    return fits and len(text) >= 12 and _KOREAN_END.search(text) is not None


def _is_english_statement(text: str, *, is_item: bool) -> bool:
    words = text.split()
    if not (_LEAST_WORDS["en"] <= len(words) and len(text) <= _MOST_CHARS["en"]):
        return False
    first = text.lstrip("\"'“\u2018([")[:1]
    starts_well = first.isupper() or first.isdigit() or first in "$€£₩"
    has_end = _ENGLISH_END.search(text) is not None
    is_spelt_out = sum(word[:1].islower() for word in words) * 3 >= len(words)
    return (
        starts_well
        and (has_end or is_item)
        and is_spelt_out
        and _VERB_LIKE.search(text) is not None
    )
