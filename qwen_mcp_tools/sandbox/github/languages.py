"""The languages that GitHub would name for files, by extension (github-linguist, a small part)."""

from collections import Counter
from posixpath import basename, splitext

from qwen_mcp_tools.sandbox.github.history import Tree

BY_EXTENSION = {
    ".py": "Python", ".pyi": "Python", ".ts": "TypeScript", ".tsx": "TypeScript",
    ".js": "JavaScript", ".mjs": "JavaScript", ".go": "Go", ".rs": "Rust", ".c": "C", ".h": "C",
    ".cpp": "C++", ".cc": "C++", ".hpp": "C++", ".java": "Java", ".kt": "Kotlin", ".rb": "Ruby",
    ".sh": "Shell", ".sql": "SQL", ".html": "HTML", ".css": "CSS", ".md": "Markdown",
    ".yml": "YAML", ".yaml": "YAML", ".json": "JSON", ".toml": "TOML", ".rst": "reStructuredText",
    ".ipynb": "Jupyter Notebook", ".php": "PHP", ".cs": "C#", ".swift": "Swift", ".txt": "Text",
}  # fmt: skip
BY_NAME = {"Makefile": "Makefile", "Dockerfile": "Dockerfile"}
PROSE_AND_DATA = {
    "Markdown", "YAML", "JSON", "TOML", "reStructuredText", "Text", "Jupyter Notebook",
}  # fmt: skip


def language_of(path: str) -> str:
    """Return the language of a file, empty where none is known."""
    name = basename(path)
    return BY_NAME.get(name) or BY_EXTENSION.get(splitext(name)[1].lower(), "")


def language_bytes(tree: Tree) -> dict[str, int]:
    """Return how many bytes of code are in each language, most first."""
    counted: Counter[str] = Counter()
    for path, entry in tree.files():
        language = language_of(path)
        if language and language not in PROSE_AND_DATA:
            counted[language] += entry.size
    return dict(counted.most_common())
