"""One JSON object a line: what `gradrec-bench peers` asks on stdin, and the answer on stdout (see ../README.md)."""

import json
import platform
import resource
import sys
from pathlib import Path

import numpy as np


def peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if platform.system() == "Darwin" else peak * 1024


def serve(peer, versions: dict) -> None:
    """Answers until stdin ends. `peer` has steps_per_epoch, steps(count) and vectors()."""
    versions = {**versions, "numpy": np.__version__, "python": platform.python_version()}
    answer({"ready": True, "stepsPerEpoch": peer.steps_per_epoch, "stepsAtOnce": 1, "versions": versions})
    for line in sys.stdin:
        request = json.loads(line)
        if "steps" in request:
            answer({**peer.steps(request["steps"]), "peakBytes": peak_bytes()})
        else:
            users, items = peer.vectors()
            folder = Path(request["save"])
            np.save(folder / "users.npy", np.ascontiguousarray(users, dtype=np.float32))
            np.save(folder / "items.npy", np.ascontiguousarray(items, dtype=np.float32))
            answer({"saved": True, "peakBytes": peak_bytes()})


def answer(message: dict) -> None:
    print(json.dumps(message), flush=True)
