"""
The project's own files: what is tracked, or without git everything that is not built, fetched or kept.
"""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = frozenset({".git", "node_modules", "dist", "build", "cdk.out", "__pycache__"})
"""Folders that hold nothing of ours, for trees without git; every folder with a dot but those named is one too."""
DOTTED = frozenset({".ci", ".chalice", ".github"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Defined:
    """
    A function and where it stands, `chalicelib/domain/fees.py`.
    """

    file: str
    node: Function

    @property
    def name(self):
        """
        Where to look: file, line and name.
        """
        return f"{self.file}:{self.node.lineno} {self.node.name}"

    @property
    def lines(self):
        """
        Lines from `def` to the end, its docstring apart: saying what it does is never too long.
        """
        first = self.node.body[0]
        said = first.end_lineno - first.lineno + 1 if ast.get_docstring(self.node, clean=False) is not None else 0
        return self.node.end_lineno - self.node.lineno + 1 - said

    @property
    def decorators(self):
        """
        Names of its decorators, without their arguments.
        """
        plain = (item.func if isinstance(item, ast.Call) else item for item in self.node.decorator_list)
        return {ast.unparse(item).rpartition(".")[2] for item in plain}


@cache
def files() -> tuple[str, ...]:
    """
    Every file of the project, relative to its root.
    """
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False) if (ROOT / ".git").exists() else None
    if listed is None or listed.returncode != 0:
        return tuple(sorted(_walk(ROOT)))
    return tuple(name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file())


def _walk(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in NOT_OURS and (not path.name.startswith(".") or path.name in DOTTED):
                yield from _walk(path)
        elif path.is_file():
            yield path.relative_to(ROOT).as_posix()


def named(*endings: str, under: str = "") -> list[str]:
    """
    The files with one of these endings in a folder.
    """
    return [name for name in files() if name.endswith(endings) and name.startswith(under)]


@cache
def text(name: str) -> str | None:
    """
    What a file says, or nothing for a binary one.
    """
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@cache
def tree(name: str) -> ast.Module:
    """
    A Python file, parsed.
    """
    return ast.parse(text(name) or "", filename=name)


@cache
def functions() -> tuple[Defined, ...]:
    """
    Every function and method of every Python file.
    """
    return tuple(Defined(name, node) for name in named(".py") for node in ast.walk(tree(name)) if isinstance(node, Function))
