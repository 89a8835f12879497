"""Reading the code's syntax tree for what an import tool cannot see."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("commissioning", "providers", "pathways", "aftercare", "reporting")
DOORS = frozenset({"permitted", "exact", "released"})
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})


def unscoped(tree: ast.AST) -> list[int]:
    """Lines that use a manager for anything but a door: `.permitted`, or a result's two."""
    allowed = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in DOORS
    }
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in allowed
    )


def interfaces() -> list[Path]:
    """Every module of pages and of the API."""
    found = [
        path
        for app in APPS
        for part in ("views", "api")
        for path in [
            ROOT / app / f"{part}.py",
            *sorted((ROOT / app / part).rglob("*.py")),
        ]
    ]
    return [path for path in found if path.exists() and path.name != "__init__.py"]
