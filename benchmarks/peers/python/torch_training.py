"""The training loop that both PyTorch peers share: prepared triples, BPR, an optimizer of PyTorch's own."""

import time

import torch
import torch.nn.functional as F

from hand_over import HandOver
from uniform_negatives import UniformNegatives


class TorchTraining:
    """`batch_vectors(users, positives, negatives)` gives the three rows of every triple of a batch."""

    def __init__(self, data: HandOver, model: str, batch_vectors, optimizers: list[torch.optim.Optimizer]):
        # Outside the clock: a user has 64-bit indices already.
        self._triples = torch.from_numpy(data.triples(model).T.copy())
        self._interactions = len(data.columns())
        self._batch = data.batches[model]
        self._batch_vectors = batch_vectors
        self._optimizers = optimizers
        self._sampler = UniformNegatives(data)
        self._step = 0
        self.steps_per_epoch = -(-self._interactions // self._batch)

    def steps(self, count: int) -> dict:
        sizes = []
        started = time.perf_counter()
        for _ in range(count):
            begin, end = self._range_of_step()
            sizes.append(end - begin)
            users, positives, negatives = self._triples[:, begin:end]
            u, i, j = self._batch_vectors(users, positives, negatives)
            loss = -F.logsigmoid((u * i).sum(1) - (u * j).sum(1)).mean()
            for optimizer in self._optimizers:
                optimizer.zero_grad(set_to_none=True)
            loss.backward()
            for optimizer in self._optimizers:
                optimizer.step()
            self._step += 1
        seconds = time.perf_counter() - started
        started = time.perf_counter()
        for size in sizes:
            self._sampler.draw(size)
        sampling_seconds = time.perf_counter() - started
        return {"triples": sum(sizes), "seconds": seconds, "samplingSeconds": sampling_seconds}

    def _range_of_step(self) -> tuple[int, int]:
        """The last batch of an epoch is short. Beyond the epochs prepared, the triples begin again."""
        epoch, step = divmod(self._step, self.steps_per_epoch)
        begin = (epoch * self._interactions) % self._triples.shape[1] + step * self._batch
        return begin, begin + min(self._batch, self._interactions - step * self._batch)


def adam(parameters, data: HandOver) -> torch.optim.Optimizer:
    """PyTorch's fastest dense Adam on a CPU: one fused kernel instead of the default's dozen passes."""
    options = data.adam
    return torch.optim.Adam(
        parameters,
        lr=options["learningRate"],
        betas=(options["beta1"], options["beta2"]),
        eps=options["epsilon"],
        fused=True,
    )


def sparse_adam(parameters, data: HandOver) -> torch.optim.Optimizer:
    """Rows without a gradient stand still and their moments with them: another method than Adam, under a like name."""
    options = data.adam
    return torch.optim.SparseAdam(
        parameters, lr=options["learningRate"], betas=(options["beta1"], options["beta2"]), eps=options["epsilon"]
    )
