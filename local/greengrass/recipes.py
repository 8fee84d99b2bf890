"""
Component recipes (Greengrass v2, format 2020-01-25) as the host needs them: default configuration, the `Run` script, its environment.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

FORMAT: Final = "2020-01-25"

_VARIABLE: Final = re.compile(r"\{([a-zA-Z]+:[\w/.]+)\}")


class UnableToReadRecipeError(ValueError):
    """
    A recipe is absent or not what Greengrass would accept.
    """


@dataclass(frozen=True, slots=True)
class Recipe:
    """
    A component as published: its name and version, default configuration, and how its process is started.
    """

    name: str
    version: str
    defaults: Mapping[str, Any]
    script: str
    archives: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


def read(path: Path) -> Recipe:
    """
    Read a JSON recipe; `UnableToReadRecipeError` says what is wrong with it.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["RecipeFormatVersion"] != FORMAT:
            raise UnableToReadRecipeError(f"{path}: format {document['RecipeFormatVersion']}")
        manifest = document["Manifests"][0]
        lifecycle = manifest["Lifecycle"]
        run = lifecycle.get("Run", lifecycle.get("run"))
        run = {"Script": run} if isinstance(run, str) else {key.capitalize(): value for key, value in run.items()}
        return Recipe(
            name=document["ComponentName"],
            version=document["ComponentVersion"],
            defaults=document.get("ComponentConfiguration", {}).get("DefaultConfiguration", {}),
            script=run["Script"],
            archives=tuple(_archives(manifest)),
            environment={**lifecycle.get("Setenv", {}), **run.get("Setenv", {})},
        )
    except (OSError, KeyError, IndexError, AttributeError, TypeError, json.JSONDecodeError) as error:
        raise UnableToReadRecipeError(f"{path}: {error!r}") from error


def merge(base: Any, change: Any) -> Any:
    """
    Lay a deployment's configuration over the defaults: objects key by key, anything else replaced.
    """
    if not (isinstance(base, Mapping) and isinstance(change, Mapping)):
        return change
    return {**base, **{key: merge(base[key], value) if key in base else value for key, value in change.items()}}


def interpolate(value: Any, variables: Mapping[str, str]) -> Any:
    """
    Replace recipe variables such as `{iot:thingName}` in every string; unknown ones stay as they are.
    """
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), value)
    if isinstance(value, Mapping):
        return {key: interpolate(item, variables) for key, item in value.items()}
    if isinstance(value, list):
        return [interpolate(item, variables) for item in value]
    return value


def in_place(text: str, *, recipe: Recipe, root: Path, variables: Mapping[str, str]) -> str:
    """
    Rewrite a script so that it runs from this repository instead of an unpacked archive.
    """
    for archive in recipe.archives:
        text = text.replace(f"{{artifacts:decompressedPath}}/{archive}", str(root))
    places = {"artifacts:decompressedPath": str(root), "artifacts:path": str(root), "kernel:rootPath": str(root)}
    return str(interpolate(text, {**places, **variables}))


def _archives(manifest: Mapping[str, Any]) -> list[str]:
    names = (PurePosixPath(artifact.get("Uri", artifact.get("URI", ""))) for artifact in manifest.get("Artifacts", []))
    return [name.stem for name in names if name.suffix == ".zip"]
