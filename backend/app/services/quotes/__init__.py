"""Quotes and what came of them: learning from runs, and how often forecasts held."""

from app.services.quotes.repository import QuoteRepository, StepRun, TaskRun
from app.services.quotes.service import QuoteService

__all__ = ["QuoteRepository", "QuoteService", "StepRun", "TaskRun"]
