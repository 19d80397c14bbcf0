"""BPR of the library implicit, with its own defaults but for the width: SGD at rate 0.01 with regularisation 0.01, a bias for every
item, positives drawn with replacement, negatives in proportion to popularity (a random interaction's item) and not used where the
user has them, threads that write over each other (Hogwild). So it trains something else than the others; an epoch is as many draws.

usage: implicit_bpr.py FOLDER THREADS
"""

import sys
import time

import implicit
import numpy as np
import scipy.sparse
from implicit.cpu.bpr import BayesianPersonalizedRanking

from hand_over import HandOver
from serve import serve


class ImplicitBpr:
    # Its fit() trains whole epochs.
    steps_per_epoch = 1

    def __init__(self, data: HandOver, threads: int):
        rows, columns = data.row_pointer(), data.columns()
        ones = np.ones(len(columns), dtype=np.float32)
        self._interactions = scipy.sparse.csr_matrix((ones, columns, rows), shape=(data.users, data.items))
        # A generator in the place of a seed: with a seed every fit() would draw the same triples again.
        self._trained_share = 1 - passed_over(self._interactions)
        self._model = BayesianPersonalizedRanking(
            factors=data.dimension, iterations=1, num_threads=threads, random_state=np.random.default_rng(data.seed)
        )

    def steps(self, count: int) -> dict:
        self._model.iterations = count
        started = time.perf_counter()
        self._model.fit(self._interactions, show_progress=False)
        seconds = time.perf_counter() - started
        return {"triples": count * self._interactions.nnz * self._trained_share, "seconds": seconds}

    def vectors(self):
        """d + 1 wide: a user's last number is 1, an item's is its bias."""
        return self._model.user_factors, self._model.item_factors


def passed_over(interactions: scipy.sparse.csr_matrix) -> float:
    """The share of draws that it expects to pass over: those whose negative, another interaction's item, the user has."""
    popularity = np.asarray(interactions.sum(axis=0)).ravel().astype(np.float64)
    owned = interactions @ popularity
    degrees = np.diff(interactions.indptr)
    return float(degrees @ owned) / interactions.nnz**2


if __name__ == "__main__":
    folder, threads = sys.argv[1:]
    serve(ImplicitBpr(HandOver(folder), int(threads)), {"implicit": implicit.__version__, "scipy": scipy.__version__})
