"""The worker: takes jobs from the log and runs them."""

import asyncio

from kestrel.budget import RetryBudget
from kestrel.log import Log
from kestrel.retry import Backoff


class Worker:
    """Runs jobs of one log until it is told to stop."""

    def __init__(self, log: Log, timeout: float = 30.0) -> None:
        self.log = log
        self.timeout = timeout
        self.budget = RetryBudget()
        self.backoff = Backoff()

    async def run(self) -> None:
        """Run jobs as they come."""
        async for job in self.log.follow():
            self.budget.note_call()
            await self._try(job)

    async def _try(self, job) -> None:
        for attempt in range(1, job.max_attempts + 1):
            try:
                async with asyncio.timeout(self.timeout):
                    await job.call()
            except TimeoutError:
                self.log.note(job, "timed out", attempt)
            except ConnectionError as error:
                self.log.note(job, f"failed: {error}", attempt)
            else:
                self.log.done(job)
                return
            if not self.budget.may_retry():
                break
            await asyncio.sleep(self.backoff.wait(attempt))
        self.log.give_up(job)
