"""A small spreadsheet calculator: it reads the formulas we write and says what they give.

It knows a closed list of functions. A formula outside it is an error, never a guess, which also
keeps functions that reach out of the file (WEBSERVICE, DDE) away.
"""

from app.artifacts.xlsx.formula.areas import Grid, TableArea
from app.artifacts.xlsx.formula.errors import FormulaError, UnreadableFormulaError
from app.artifacts.xlsx.formula.evaluate import Calculator, CellAddress
from app.artifacts.xlsx.formula.functions import FUNCTION_NAMES
from app.artifacts.xlsx.formula.parse import called_functions, parse_formula
from app.artifacts.xlsx.formula.rewrite import NameMap, rewrite_formula
from app.artifacts.xlsx.formula.structured import StructuredReference, column_reference
from app.artifacts.xlsx.formula.syntax import Expression

__all__ = [
    "FUNCTION_NAMES",
    "Calculator",
    "CellAddress",
    "Expression",
    "FormulaError",
    "Grid",
    "NameMap",
    "StructuredReference",
    "TableArea",
    "UnreadableFormulaError",
    "called_functions",
    "column_reference",
    "parse_formula",
    "rewrite_formula",
]
