"""
Writes the taught networks as ONNX, probabilities instead of odds, where the gateway's reader looks for them: `python -m training.plates.export --weights F`.
"""

import argparse
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn

from iot.plate_reader.models import FOLDER
from iot.plate_reader.strips import HEIGHT, LOOSE_HEIGHT, LOOSE_WIDTH, WIDTH
from training.plates.networks import Corners, Finder, Reader

OPSET: Final = 18


class Told(nn.Module):
    """
    A reader whose answers are probabilities, made less sure by a temperature.
    """

    def __init__(self, reader: Reader, temperature: float) -> None:
        super().__init__()
        self.reader, self.temperature = reader, temperature

    def forward(self, strips: Tensor) -> tuple[Tensor, Tensor]:
        """
        Read.
        """
        letters, country = self.reader(strips)
        return (letters / self.temperature).softmax(-1), country.softmax(-1)


class Placed(nn.Module):
    """
    A network of corners that tells the probability of two lines.
    """

    def __init__(self, corners: Corners) -> None:
        super().__init__()
        self.corners = corners

    def forward(self, cuts: Tensor) -> tuple[Tensor, Tensor]:
        """
        Tell corners and lines.
        """
        corners, lines = self.corners(cuts)
        return corners, lines.sigmoid()


def main() -> None:
    """
    Export all three.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--temperature", type=float, default=1.0)
    given = parser.parse_args()
    reader, corners, finder = Reader(), Corners(), Finder()
    for name, network in (("reader", reader), ("corners", corners), ("finder", finder)):
        network.load_state_dict(torch.load(given.weights / f"{name}.pt", map_location="cpu"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    write(Told(reader, given.temperature), torch.zeros(2, 3, HEIGHT, WIDTH), "reader", ["letters", "country"])
    write(Placed(corners), torch.zeros(2, 3, LOOSE_HEIGHT, LOOSE_WIDTH), "corners", ["corners", "lines"])
    write(finder, torch.zeros(1, 3, 480, 640), "finder", ["map"], axes={2: "height", 3: "width"})


def write(network: nn.Module, example: Tensor, name: str, outputs: list[str], axes: dict[int, str] | None = None) -> None:
    """
    Write one network and tell its size.
    """
    network.eval()
    path = FOLDER / f"{name}.onnx"
    moving = {
        "pictures": {0: "count", **(axes or {})},
        **{output: {0: "count", **({2: "rows", 3: "columns"} if axes else {})} for output in outputs},
    }
    torch.onnx.export(
        network,
        (example,),
        str(path),
        input_names=["pictures"],
        output_names=outputs,
        dynamic_axes=moving,
        opset_version=OPSET,
        dynamo=False,
    )
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
