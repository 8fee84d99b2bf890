"""
A component as the host runs it: its recipe, its configuration, what it may do, and the command that starts it.
"""

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from local.greengrass import recipes
from local.greengrass.authorization import Permissions, permissions
from local.greengrass.configuration import ROOT, HostConfiguration
from local.greengrass.recipes import Recipe

LEASH: Final = Path(__file__).with_name("leash.py")

INHERITED: Final = ("HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "OMP_NUM_THREADS")
"""The only variables that a component gets from the host: nothing secret passes by accident."""


@dataclass(frozen=True, slots=True)
class Component:
    """
    One component of this gateway; `folder` is its place under `iot/`, `token` what it shows on the IPC socket.
    """

    folder: str
    recipe: Recipe
    configuration: Mapping[str, Any]
    permissions: Permissions
    variables: Mapping[str, str]
    directory: Path
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    def command(self) -> list[str]:
        """
        Build the command line: the recipe's script, on a leash held by this process.
        """
        script = recipes.in_place(self.recipe.script, recipe=self.recipe, root=ROOT, variables=self.variables)
        lonely = not any(mark in script for mark in "\n;&|") and not script.startswith("exec ")
        shell = ["/bin/sh", "-c", f"exec {script}" if lonely else script]
        return [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *shell]

    def environment(self, *, socket: Path) -> dict[str, str]:
        """
        Name what Greengrass gives a component, plus this repository and its Python in front.
        """
        own = {
            name: recipes.in_place(value, recipe=self.recipe, root=ROOT, variables=self.variables)
            for name, value in self.recipe.environment.items()
        }
        return {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "AWS_GG_NUCLEUS_DOMAIN_SOCKET_FILEPATH_FOR_COMPONENT": str(socket),
            "SVCUID": self.token,
            "AWS_IOT_THING_NAME": self.variables["iot:thingName"],
            "AWS_REGION": self.variables["aws:region"],
            **own,
        }


def deploy(folder: str, *, site: HostConfiguration) -> Component:
    """
    Read a component's recipe and settle its configuration: defaults, then the site's facts, then the deployment's own.
    """
    recipe = recipes.read(site.components_dir / folder / "recipe.json")
    variables = {"iot:thingName": site.thing, "aws:region": site.region, "component:name": recipe.name, "component:version": recipe.version}
    configuration = recipes.merge(recipes.merge(recipe.defaults, site.site(folder)), site.configuration.get(folder, {}))
    configuration = recipes.interpolate(configuration, variables)
    directory = site.state_dir / folder
    directory.mkdir(parents=True, exist_ok=True)
    return Component(
        folder=folder,
        recipe=recipe,
        configuration=configuration,
        permissions=permissions(configuration.get("accessControl", {})),
        variables=variables,
        directory=directory,
    )
