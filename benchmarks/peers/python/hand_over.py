"""The folder that `gradrec-bench peers` writes for every peer, so that all train on the same data from the same start."""

import json
from pathlib import Path

import numpy as np


class HandOver:
    """Settings as attributes of `settings.json`; arrays are loaded when asked for."""

    def __init__(self, folder: str):
        self.folder = Path(folder)
        settings = json.loads((self.folder / "settings.json").read_text())
        self.users: int = settings["users"]
        self.items: int = settings["items"]
        self.dimension: int = settings["dimension"]
        self.adam: dict = settings["adam"]
        self.layers: int = settings["layers"]
        self.batches: dict = settings["batches"]
        self.seed: int = settings["seed"]

    def array(self, name: str) -> np.ndarray:
        return np.load(self.folder / f"{name}.npy")

    def row_pointer(self) -> np.ndarray:
        """users + 1 places in `columns`."""
        return self.array("rowPointer").ravel().astype(np.int64)

    def columns(self) -> np.ndarray:
        """The items of every user's training interactions, ascending."""
        return self.array("columns").ravel().astype(np.int64)

    def user_of_each(self) -> np.ndarray:
        """The user of every training interaction, parallel to `columns`."""
        return np.repeat(np.arange(self.users, dtype=np.int64), np.diff(self.row_pointer()))

    def initial_table(self) -> np.ndarray:
        """(users + items) x d float32, users first."""
        return self.array("initialTable")

    def triples(self, model: str) -> np.ndarray:
        """n x 3 (user, positive, negative) in the order of training: the very triples that gradrec draws for itself."""
        return self.array(f"triples-{model}").astype(np.int64)
