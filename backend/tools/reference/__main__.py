"""Write the reference pages: `python -m tools.reference`."""

from tools.reference.pages import write_pages

write_pages()
