"""
The shapes of the three networks: one finds plates, one says where a found plate's corners are, one reads.
"""

import torch
from torch import Tensor, nn

from iot.plate_reader.recognition import COUNTRIES, LETTERS


class Block(nn.Sequential):
    """
    Convolution, normalization, rectification.
    """

    def __init__(self, inputs: int, outputs: int, *, size: int = 3, stride: int = 1) -> None:
        super().__init__(nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Reader(nn.Module):
    """
    From strips (N × 3 × 32 × 160, normalized) to log odds of a character in each of 40 columns (N × 40 × 69) and of the country (N × 21).
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            Block(3, 24, stride=2),
            Block(24, 40),
            nn.MaxPool2d(2),
            Block(40, 64),
            Block(64, 64),
            nn.MaxPool2d((2, 1)),
            Block(64, 96),
            Block(96, 96),
            nn.MaxPool2d((2, 1)),
        )
        self.columns = nn.Sequential(nn.Conv2d(96, 128, (2, 3), padding=(0, 1), bias=False), nn.BatchNorm2d(128), nn.ReLU(inplace=True))
        self.context = nn.GRU(128, 96, bidirectional=True, batch_first=True)
        self.letters = nn.Linear(192, len(LETTERS) + 1)
        self.country = nn.Linear(256, len(COUNTRIES))

    def forward(self, strips: Tensor) -> tuple[Tensor, Tensor]:
        """
        Read.
        """
        columns = self.columns(self.features(strips)).squeeze(2).permute(0, 2, 1)
        context, _ = self.context(columns)
        summary = torch.cat([columns.mean(1), columns.max(1).values], 1)
        return self.letters(context), self.country(summary)


class Corners(nn.Module):
    """
    From loose cuts (N × 3 × 48 × 112, normalized) to the corners in shares of the cut (N × 8) and the log odds of two lines (N × 1).
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            Block(3, 16, stride=2), Block(16, 24, stride=2), Block(24, 32), Block(32, 48, stride=2), Block(48, 48), Block(48, 64, stride=2)
        )
        self.answer = nn.Sequential(nn.Flatten(), nn.Linear(64 * 3 * 7, 96), nn.ReLU(inplace=True), nn.Linear(96, 9))

    def forward(self, cuts: Tensor) -> tuple[Tensor, Tensor]:
        """
        Tell the corners.
        """
        answer = self.answer(self.features(cuts))
        return answer[:, :8] + 0.5, answer[:, 8:]


class Finder(nn.Module):
    """
    From pictures (N × 3 × height × width, multiples of 32, normalized) to a map of an eighth of their size with 5 channels:
    log odds that a plate's middle is here, its middle's offset across and down (cells), log of its width and height (cells).
    """

    def __init__(self) -> None:
        super().__init__()
        self.near = nn.Sequential(Block(3, 12, stride=2), Block(12, 24, stride=2), Block(24, 40, stride=2), Block(40, 40))
        self.wider = nn.Sequential(Block(40, 72, stride=2), Block(72, 72))
        self.widest = nn.Sequential(Block(72, 96, stride=2), Block(96, 96))
        self.from_wider = Block(72, 40, size=1)
        self.from_widest = Block(96, 72, size=1)
        self.join = Block(40, 48)
        self.answer = nn.Conv2d(48, 5, 1)
        nn.init.constant_(self.answer.bias[0], -4.0)

    def forward(self, pictures: Tensor) -> Tensor:
        """
        Find.
        """
        near = self.near(pictures)
        wider = self.wider(near)
        widest = self.widest(wider)
        wider = wider + nn.functional.interpolate(self.from_widest(widest), scale_factor=2.0, mode="nearest")
        near = near + nn.functional.interpolate(self.from_wider(wider), scale_factor=2.0, mode="nearest")
        answer: Tensor = self.answer(self.join(near))
        return answer
