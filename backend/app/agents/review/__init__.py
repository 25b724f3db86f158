"""Review of deliverables: the checks that need no model, their score, and the rounds."""

from app.agents.review.consistency import inconsistencies
from app.agents.review.rounds import MAX_RETURNS, Made, review_rounds
from app.agents.review.rubric import score_of
from app.agents.review.rules import Rules

__all__ = ["MAX_RETURNS", "Made", "Rules", "inconsistencies", "review_rounds", "score_of"]
