"""Words that decide what a kind of file named in a goal is: to be made, a source, unwanted."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATORS = _words("no without not don't dont never skip omit except excluding exclude minus")
NEGATING_PAIRS = frozenset(
    {("instead", "of"), ("rather", "than"), ("leave", "out"), ("other", "than")}
)
SOURCE_WORDS = _words(
    """
    from of attached uploaded provided enclosed existing based according about regarding summarise
    summarize analyse analyze read review compare convert turn transform check update
    """
)
WANTED_WORDS = _words(
    """
    write make create build prepare produce draft generate give need want design deliver compile
    into as plus provide assemble develop also
    """
)
INDEFINITE = _words(
    "a an another one two three four five six seven eight nine ten twelve fifteen twenty"
)
POINTERS = _words("this these those that")
FILLERS = _words("to for me us any such")
BY_DETERMINER = _words("in using use with on")
DEFINITE = _words("the my our your their its his her")
# Words around a kind of file that say nothing about the subject.
PLAIN_WORDS = _words(
    """
    short brief clear simple quick detailed long concise full new good nice one two three four five
    six seven eight nine ten page slide word excel powerpoint executive management final formal
    professional and a an the of me with write make create build prepare draft please client-ready
    sourced cited small complete summary report deck put everything all show list turn convert
    summarise summarize analyse analyze give us our my your some any this these
    """
)
# Words that say of what sort a document is, and nothing about its subject when they stand alone.
QUALIFIERS = _words(
    """
    financial annual quarterly monthly weekly daily internal strategic strategy status progress
    technical board policy analytical data comprehensive
    """
)
# Words that may lose their capital after a colon.
COMMON_FIRST_WORDS = _words(
    """
    home market sales revenue customer customers energy budget battery batteries new annual monthly
    quarterly regional product price prices cost costs survey project renewable electric solar
    office house housing results comparison supplier suppliers team staff employee remote installer
    """
)
