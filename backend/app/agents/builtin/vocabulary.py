"""The words by which a goal names what is to be made, in English and Korean."""

import re
from collections.abc import Mapping
from enum import StrEnum


class Deliverable(StrEnum):
    """A kind of file that Madang makes."""

    DOCUMENT = "document"
    WORKBOOK = "workbook"
    DECK = "deck"


class DocumentKind(StrEnum):
    """How a document is to be written."""

    BRIEF = "brief"
    REPORT = "report"
    MEMO = "memo"
    ONE_PAGER = "one_pager"
    SUMMARY = "summary"
    ANSWER = "answer"
    PROPOSAL = "proposal"


# Longest first within a language, so that "발표 자료" is not read as "자료".
NAMED: Mapping[Deliverable, str] = {
    Deliverable.DECK: (
        r"\b(?:power\s?point(?:\s+(?:deck|presentation|file|slides?))?|pptx?|(?:slide"
        r"|pitch)\s?-?decks?"
        r"|slide\s?shows?|slides|(?<=-)slide\b|presentations?|keynote|decks?)\b"
        r"|(?:발표|프레젠테이션|프리젠테이션|설명회|피칭|IR)\s*(?:용\s*)?(?:자료|슬라이드|덱"
        r"|파일|장표)"
        r"|슬라이드(?:\s*덱)?|프레젠테이션|프리젠테이션|파워\s?포인트|피피티|장표|피치\s?덱"
        r"|(?<![가-힣])덱(?=$|[\s을를도과이,.]|으로|만)"
    ),
    Deliverable.WORKBOOK: (
        r"\b(?:spread\s?-?sheets?|work\s?-?books?|work\s?sheets?|excel(?:\s+(?:files?|sheets?"
        r"|models?))?"
        r"|xlsx?|google\s+sheets?|pivot\s+tables?|(?:financial|cost|forecast|budget"
        r"|pricing)\s+models?"
        r"|(?<!balance )(?<!fact )(?<!cheat )(?<!term )(?<!data )sheets?|calculator)\b"
        r"|스프레드\s?시트|엑셀(?:\s*(?:파일|시트|표))?|워크\s?북|워크\s?시트|통합\s?문서"
        r"|피벗(?:\s*(?:표|테이블))?"
        r"|(?<![가-힣])시트(?=$|[\s를도와가,.]|로|만)|(?:집계|정산|계산|예산|비교|통계|수치)표"
        r"|(?<![가-힣])표(?=로\s*(?:정리|만들|작성|뽑|보여|요약)|를?\s*(?:만들|작성|뽑))"
    ),
    Deliverable.DOCUMENT: (
        r"\b(?:(?:executive|management|one-page|research|policy)\s+summar(?:y|ies)|white\s?papers?"
        r"|word\s+(?:documents?|docs?|files?)|(?:ms|microsoft)\s+word|docx?|docs?|documents?"
        r"|one\s?-?\s?pagers?|memo(?:randum|s)?|briefing\s+(?:notes?|papers?|documents?)|briefings?"
        r"|briefs?|reports?|write\s?-?ups?|summary|summaries|synopsis|digest|proposals?"
        r"|fact\s?sheets?"
        r"|hand\s?-?outs?|articles?|(?:position|working|discussion)\s+papers?|minutes)\b"
        r"|보고서|리포트|레포트|브리프|브리핑(?:\s*(?:문서|자료))?|문서|워드(?:\s*파일)?|메모"
        r"|요약(?:문|본|서)?(?!해|하|한|할)"
        r"|원\s?페이저|기획안|기획서|제안서|회의록|개요서|설명서|분석서|검토서|검토안|소개서"
        r"|백서|품의서|결과서"
    ),
}
FACE_VALUE: Mapping[Deliverable, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in NAMED.items()
}
ANY_NAMED = re.compile("|".join(f"(?:{pattern})" for pattern in NAMED.values()), re.IGNORECASE)

HINTED: Mapping[Deliverable, re.Pattern[str]] = {
    Deliverable.DECK: re.compile(
        r"\b(?:board\s+meeting|town\s?hall|keynote|pitch|present(?:ing)?\s+(?:it|this|these|the"
        r"|our|to)"
        r"|talk|for\s+the\s+screen|show\s+(?:it\s+)?to\s+(?:the\s+)?(?:board|investors?|team"
        r"|clients?))\b"
        r"|발표(?:할|해|하기|용)|회의\s*자료|보여\s?줄|설명회|피칭|화면에\s*띄",
        re.IGNORECASE,
    ),
    Deliverable.WORKBOOK: re.compile(
        r"\b(?:calculat\w*|comput\w*|tabulat\w*|total(?:s|led)?|sums?|averages?|breakdown|pivot"
        r"|formulas?"
        r"|charts?|graphs?|numbers|figures|in\s+a\s+table|as\s+a\s+table|budget(?:ing)?"
        r"|forecast|tables?)\b"
        r"|계산|집계|합계|평균|정산|통계|수치|차트|그래프|수식|표로",
        re.IGNORECASE,
    ),
    Deliverable.DOCUMENT: re.compile(
        r"\b(?:summari[sz]e|sum\s+up|explain|describe|overview|analy[sz]e|analysis|review"
        r"|compare|comparison"
        r"|assess|evaluate|outline|brief\s+me|write\s+(?:up|about)|findings|background|research"
        r"|study"
        r"|investigate|find\s+out|tell\s+me|read|look\s+(?:at|into)|key\s+points?|insights?"
        r"|takeaways?|recap)\b"
        r"|요약|정리|설명|분석|비교|검토|평가|조사|개요|핵심|알려|살펴|파악|연구|시사점|읽고"
        r"|써\s?줘|작성",
        re.IGNORECASE,
    ),
}
SUMMARISE = re.compile(r"\bsummari[sz]e\b|\bsum\s+up\b|\brecap\b|요약", re.IGNORECASE)
QUESTION = re.compile(
    r"\?\s*$|\uff1f\s*$|^\s*(?:what|which|who|when|where|why|how|is|are|was|were|does|do|did|can"
    r"|should)\b"
    r"|(?:얼마|무엇|어떻게|어느|왜|언제|누가|어디|몇|뭐|뭔|인가요|나요|까요|는지|인지)",
    re.IGNORECASE,
)
EVERYTHING = re.compile(
    r"\b(?:all\s+three(?!\s+(?:files|documents|reports|sources))|full\s+(?:package|pack|set)"
    r"|complete\s+(?:package|set)"
    r"|everything\s+(?:you\s+can|needed)|all\s+formats)\b"
    r"|세\s*가지\s*(?:모두|다)|풀\s*패키지|전부\s*(?:다\s*)?만들|모두\s*만들|다\s*만들어",
    re.IGNORECASE,
)
DOCUMENT_KINDS: tuple[tuple[DocumentKind, re.Pattern[str]], ...] = (
    (DocumentKind.MEMO, re.compile(r"\bmemo(?:randum|s)?\b|메모", re.IGNORECASE)),
    (DocumentKind.PROPOSAL, re.compile(r"\bproposals?\b|제안서|기획안|기획서", re.IGNORECASE)),
    (
        DocumentKind.REPORT,
        re.compile(r"\breports?\b|보고서|리포트|레포트|결과서|백서", re.IGNORECASE),
    ),
    (DocumentKind.BRIEF, re.compile(r"\bbrief(?:s|ing|ings)?\b|브리프|브리핑", re.IGNORECASE)),
    (
        DocumentKind.ONE_PAGER,
        re.compile(
            r"\bone\s?-?\s?pager|\b(?:one|1|single)[\s-]page\b|원\s?페이저|한\s?(?:장|쪽"
            r"|페이지)|1\s?(?:쪽|페이지)",
            re.IGNORECASE,
        ),
    ),
    (
        DocumentKind.SUMMARY,
        re.compile(r"\bsummar|\bsynopsis|\bdigest|\brecap|요약|정리", re.IGNORECASE),
    ),
)
# What no part of Madang does; matched with its verb so that a topic alone does not count.
UNSUPPORTED: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:book|reserve|buy|order|purchase)\b[^.]{0,40}\b(?:flights?|tickets?|hotels?"
        r"|rooms?|tables?|pizza|food|taxi|cars?)\b",
        r"\b(?:write|compose|make|create|generate)\b[^.]{0,30}\b(?:poems?|songs?|lyrics|novels?"
        r"|stor(?:y|ies)|haikus?|jokes?|screenplays?)\b",
        r"\b(?:send|reply|forward)\b[^.]{0,40}\b(?:e-?mails?|messages?|sms|texts?|letters?"
        r"|slack)\b",
        r"\b(?:write|draft|compose)\b[^.]{0,20}\be-?mails?\b",
        r"\b(?:draw|paint|design|create|generate|make|edit)\b[^.]{0,30}\b(?:logos?|pictures?"
        r"|images?|photos?|illustrations?|posters?|videos?|animations?|music|podcasts?"
        r"|websites?|web\s?pages?|apps?|games?)\b",
        r"\btranslate\b|\btranscribe\b|\bdub\b",
        r"\b(?:call|phone|ring)\s+(?:my|the|a)\b|\bplay\b[^.]{0,20}\b(?:music|song|game"
        r"|chess)\b|\bset\s+(?:an?\s+)?(?:alarm|timer|reminder)\b",
        r"\b(?:write|code|program|develop|build)\b[^.]{0,30}\b(?:code|scripts?|programs?"
        r"|software|apps?|websites?|functions?)\b",
        r"(?:항공권|비행기|호텔|기차표|식당|티켓|숙소)[^.]{0,20}(?:예약|예매|구매|주문)|(?:예약"
        r"|예매|주문|결제)해\s?(?:줘|주세요)",
        r"(?<![가-힣])(?:시|소설|노래|가사|동화|시나리오|농담)(?:를|을)?"
        r"\s*(?:한\s*(?:편|곡)\s*)?(?:하나\s*)?(?:써|지어|작성|만들)",
        r"(?:이?메일|메시지|문자|편지|카톡)[^.]{0,15}(?:보내|발송|전송|답장)|(?:이?메일"
        r"|편지)(?:을|를)?\s*(?:써|작성)",
        r"(?:로고|그림|이미지|사진|포스터|영상|동영상|비디오|음악|웹\s?사이트|홈페이지|앱"
        r"|게임)(?:을|를)?\s*(?:하나\s*)?(?:만들|그려|제작|편집|개발|디자인|틀어)",
        r"번역(?:해|하|을)|통역|녹취",
        r"(?:코드|프로그램|스크립트|함수)(?:를|을)?\s*(?:짜|작성|개발|만들)|전화\s?(?:해|걸어)",
    )
)
