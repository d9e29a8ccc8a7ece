"""The built-in repositories: a project written for the sandbox, odd files, and neighbours."""

from collections.abc import Callable
from functools import cache

from qwen_mcp_tools.sandbox.github.kestrel import BEGIN, RELEASED, kestrel
from qwen_mcp_tools.sandbox.github.odd import LFS, odd_files
from qwen_mcp_tools.sandbox.github.repository import Release, Repository
from qwen_mcp_tools.sandbox.github.snapshot import text
from qwen_mcp_tools.sandbox.github.written import Note, WrittenHistory

OXQ = """//! An embedded job queue.

/// Takes a job, retries it with backoff, and gives up after `attempts`.
pub fn run_with_retry(attempts: u32, mut job: impl FnMut() -> bool) -> bool {
    (0..attempts).any(|_| job())
}
"""
CLIENT = """package kestrelgo

// Enqueue hands a job to Kestrel and retries with backoff.
func Enqueue(key string, payload []byte) error { return nil }
"""
CONSOLE = """export function renderJobs(jobs: string[]): string {
  return jobs.map((job) => `<li>${job}</li>`).join("");
}
"""
TABLE = "CREATE TABLE job (id BIGINT PRIMARY KEY, retry_at TIMESTAMP);\n"


def repositories() -> list[Repository]:
    """Return fresh records of the built-in repositories; their histories are shared."""
    return [
        Repository(
            "kestrel-jobs/kestrel", kestrel,
            description="Job runner: runs jobs that must not be lost, from a log of plain files",
            homepage="https://kestrel.example/docs/",
            topics=("asyncio", "job-queue", "python", "scheduler"),
            stars=4218, forks=187, open_issues=23, licence="mit",
            moved_from=("idafalk/kestrel",), created=1_672_000_000,
            release=Release("v2.4.1", "Kestrel 2.4.1", "Fixes the loss of a retry.", RELEASED),
        ),
        Repository(
            "kestrel-jobs/odd-files", odd_files,
            description="Files that programs stumble over: encodings, sizes, links, names",
            topics=("testing",), stars=12, lfs=LFS,
        ),
        *_odd_repositories(),
        *_neighbours(),
    ]  # fmt: skip


def _odd_repositories() -> list[Repository]:
    return [
        Repository("kestrel-jobs/empty", description="Nothing yet"),
        Repository(
            "kestrel-jobs/secrets", _small("notes.md", "# Rotation of the vault's keys\n"),
            description="Notes of the team", is_private=True,
        ),
        Repository(
            "kestrel-jobs/taken-down", _small("README.md", "# Gone\n"), is_taken_down=True
        ),
    ]  # fmt: skip


def _neighbours() -> list[Repository]:
    return [
        Repository(
            "kestrel-jobs/kestrel-go", _small("enqueue.go", CLIENT),
            description="Client of the Kestrel job runner for Go", topics=("job-queue", "golang"),
            stars=310, forks=41, licence="apache-2.0",
        ),
        Repository(
            "kestrel-jobs/kestrel-ui", _small("src/render.ts", CONSOLE),
            description="Old web console of the Kestrel job runner", topics=("job-queue",),
            stars=95, forks=9, licence="mit", is_archived=True,
        ),
        Repository(
            "wen-li/kestrel", kestrel, description="Job runner: a copy to try things in",
            stars=1, is_fork=True, licence="mit",
        ),
        Repository(
            "oxide-queue/oxq", _small("src/lib.rs", OXQ),
            description="Embedded job queue with retries", topics=("job-queue", "rust"),
            stars=1840, forks=66,
        ),
        Repository(
            "sql-tools/pgjobs", _small("schema/job.sql", TABLE),
            description="Job queue on PostgreSQL", topics=("job-queue", "postgresql"),
            stars=7200, forks=402, licence="gpl-3.0",
        ),
    ]  # fmt: skip


def _small(path: str, content: str) -> Callable[[], WrittenHistory]:
    """Return what opens a history of one commit: a README and a file."""

    @cache
    def history() -> WrittenHistory:
        small = WrittenHistory()
        snapshot = {"README.md": text("# About\n\nSee the description.\n"), path: text(content)}
        small.branches["main"] = small.add(snapshot, Note("Begin\n", BEGIN))
        return small

    return history
