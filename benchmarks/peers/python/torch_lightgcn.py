"""LightGCN in PyTorch: torch.sparse.mm over the normalised user-item graph, the mean of layers 0 ... L, BPR, dense Adam.

usage: torch_lightgcn.py FOLDER THREADS
"""

import sys
import warnings

import numpy as np
import torch

from hand_over import HandOver
from serve import serve
from torch_training import TorchTraining, adam


class LightGcn(TorchTraining):
    def __init__(self, data: HandOver):
        self._user_count = data.users
        self._layers = data.layers
        self._graph = normalised_graph(data)
        self._table = torch.nn.Parameter(torch.from_numpy(data.initial_table().copy()))
        super().__init__(data, "lgn", self._rows, [adam([self._table], data)])

    def _propagated(self):
        layer = self._table
        total = layer
        for _ in range(self._layers):
            layer = torch.sparse.mm(self._graph, layer)
            total = total + layer
        return total / (self._layers + 1)

    def _rows(self, users, positives, negatives):
        final = self._propagated()
        return final[users], final[self._user_count + positives], final[self._user_count + negatives]

    def vectors(self):
        with torch.no_grad():
            final = self._propagated().numpy()
        return final[: self._user_count], final[self._user_count :]


def normalised_graph(data: HandOver) -> torch.Tensor:
    """D^-1/2 A D^-1/2 over users and items together."""
    users, items = data.user_of_each(), data.columns() + data.users
    rows, columns = np.concatenate([users, items]), np.concatenate([items, users])
    nodes = data.users + data.items
    degrees = np.bincount(rows, minlength=nodes)
    scale = np.where(degrees > 0, 1 / np.sqrt(np.maximum(degrees, 1)), 0)
    weights = torch.from_numpy((scale[rows] * scale[columns]).astype(np.float32))
    return torch.sparse_coo_tensor(torch.from_numpy(np.stack([rows, columns])), weights, (nodes, nodes)).coalesce()


if __name__ == "__main__":
    folder, threads = sys.argv[1:]
    warnings.filterwarnings("ignore", message=".*Sparse.*")
    torch.set_num_threads(int(threads))
    serve(LightGcn(HandOver(folder)), {"torch": torch.__version__})
