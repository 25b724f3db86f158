"""What was spent, and what it would have been under another policy."""

from app.services.spending.period import MAX_DAYS, Period, PeriodInvalid, period_of
from app.services.spending.service import SpendingService

__all__ = ["MAX_DAYS", "Period", "PeriodInvalid", "SpendingService", "period_of"]
