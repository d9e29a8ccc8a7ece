"""Repositories written for the stand-ins that find code."""

KESTREL_JOBS = '''\
"""Jobs that must not be lost."""

from kestrel.store import Store


class Job:
    """A piece of work, and how often it was tried."""

    def __init__(self, name: str, retries: int = 3) -> None:
        self.name = name
        self.retries = retries


async def run(job: Job, store: Store) -> None:
    """Run `job` until it succeeds or its retries are spent."""
    for attempt in range(job.retries):
        if await store.claim(job.name, attempt):
            return
    raise TimeoutError(job.name)
'''
KESTREL_STORE = """\
class Store:
    async def claim(self, name: str, attempt: int) -> bool:
        # retries are counted by the caller
        return attempt > 0
"""
DASHBOARD = """\
import { useState } from "react";

export function JobList({ retries }: { retries: number }) {
  const [jobs, setJobs] = useState<string[]>([]);
  return <ul data-retries={retries}>{jobs.map((job) => <li key={job}>{job}</li>)}</ul>;
}
"""
REPOSITORIES: dict[str, dict[str, bytes]] = {
    "example/kestrel": {
        "README.md": b"# Kestrel\n\nRuns jobs with retries.\n",
        "src/kestrel/jobs.py": KESTREL_JOBS.encode(),
        "src/kestrel/store.py": KESTREL_STORE.encode(),
        "tests/test_jobs.py": b"from kestrel.jobs import Job\n\n\ndef test_retries() -> None:\n"
        b'    assert Job("a").retries == 3\n',
        "web/src/JobList.tsx": DASHBOARD.encode(),
        "web/app/[id]/page.tsx": b"export default function Page() {\n  return null;\n}\n",
        "logo.png": b"\x89PNG\r\n\x1a\n\0retries",
    },
    "example/kestrel-go": {
        "worker/worker.go": b"package worker\n\nfunc Run(retries int) error {\n\treturn nil\n}\n",
    },
}
"""Full name → path → content."""
