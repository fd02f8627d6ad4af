"""How many model calls an episode may make."""

from __future__ import annotations

from simulation.errors import BudgetExceeded, ConfigError


class CallBudget:
    """Counts calls and stops at the limit: the tick in which that happens is not lived.

    Args:
        limit: Calls allowed; None: as many as it takes.
    """

    def __init__(self, limit: int | None = None) -> None:
        if limit is not None and limit < 0:
            raise ConfigError(
                "a budget of calls cannot be negative", where="--budget-calls", value=limit
            )
        self.limit = limit
        self.spent = 0

    def spend(self) -> None:
        """Take one call.

        Raises:
            BudgetExceeded: None is left.
        """
        if self.limit is not None and self.spent >= self.limit:
            raise BudgetExceeded(f"the budget of {self.limit} model calls is spent")
        self.spent += 1

    def count(self) -> None:
        """Count a call that was paid for before: it is never refused."""
        self.spent += 1
