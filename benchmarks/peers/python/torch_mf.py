"""Matrix factorisation with BPR in PyTorch: two nn.Embedding, autograd, dense Adam or SparseAdam.

usage: torch_mf.py FOLDER THREADS dense|sparse
"""

import sys

import torch

from hand_over import HandOver
from serve import serve
from torch_training import TorchTraining, adam, sparse_adam


class MatrixFactorisation(TorchTraining):
    def __init__(self, data: HandOver, sparse: bool):
        table = torch.from_numpy(data.initial_table())
        self._users = torch.nn.Embedding.from_pretrained(table[: data.users].clone(), freeze=False, sparse=sparse)
        self._items = torch.nn.Embedding.from_pretrained(table[data.users :].clone(), freeze=False, sparse=sparse)
        parameters = [self._users.weight, self._items.weight]
        optimizer = sparse_adam(parameters, data) if sparse else adam(parameters, data)
        super().__init__(data, "mf", self._rows, [optimizer])

    def _rows(self, users, positives, negatives):
        return self._users(users), self._items(positives), self._items(negatives)

    def vectors(self):
        return self._users.weight.detach().numpy(), self._items.weight.detach().numpy()


if __name__ == "__main__":
    folder, threads, update = sys.argv[1:]
    torch.set_num_threads(int(threads))
    serve(MatrixFactorisation(HandOver(folder), update == "sparse"), {"torch": torch.__version__})
