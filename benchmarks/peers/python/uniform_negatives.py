"""Sampling as PyTorch users write it, vectorised with NumPy. It is timed beside the steps; the steps take prepared triples."""

import numpy as np

from hand_over import HandOver


class UniformNegatives:
    """Positives by a permutation of all interactions, negatives uniform and drawn again where the user has the item."""

    def __init__(self, data: HandOver):
        self._items = data.items
        self._users = data.user_of_each()
        self._positives = data.columns()
        self._pairs = self._users * data.items + self._positives
        self._random = np.random.default_rng(data.seed)
        self._order = np.empty(0, dtype=np.int64)

    def draw(self, batch: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if len(self._order) < batch:
            self._order = np.concatenate([self._order, self._random.permutation(len(self._pairs))])
        places, self._order = self._order[:batch], self._order[batch:]
        users = self._users[places]
        negatives = self._random.integers(self._items, size=batch)
        again = np.flatnonzero(self._has(users, negatives))
        while len(again) > 0:
            negatives[again] = self._random.integers(self._items, size=len(again))
            again = again[self._has(users[again], negatives[again])]
        return users, self._positives[places], negatives

    def _has(self, users: np.ndarray, items: np.ndarray) -> np.ndarray:
        wanted = users * self._items + items
        places = np.minimum(np.searchsorted(self._pairs, wanted), len(self._pairs) - 1)
        return self._pairs[places] == wanted
