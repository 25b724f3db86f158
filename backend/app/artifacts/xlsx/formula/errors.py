"""The two ways a formula can go wrong."""


class UnreadableFormulaError(Exception):
    """The calculator does not know this syntax, function or name; the message says which."""


class FormulaError(Exception):
    """The formula gives a spreadsheet error value, such as #DIV/0!."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


DIVISION = "#DIV/0!"
NOT_AVAILABLE = "#N/A"
NUMBER = "#NUM!"
REFERENCE = "#REF!"
VALUE = "#VALUE!"
