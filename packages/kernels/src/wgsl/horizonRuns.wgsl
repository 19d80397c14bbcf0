// All the runs of a horizon, for kernels that look at every one of them.
struct HorizonRuns {
  steps: u32,
  // Places of a step: batch · (negatives + 2).
  occurrences: u32,
}

struct HorizonRun {
  // False for a place that the step has no run in.
  exists: bool,
  // The step.
  index: u32,
  // In `runs`.
  place: u32,
}

// Counted over the places of all steps.
fn horizonRunAt(number: u32) -> HorizonRun {
  let index = number / horizonRuns.occurrences;
  let run = number % horizonRuns.occurrences;
  let base = index * (horizonRuns.occurrences + 2u);
  let exists = index < horizonRuns.steps && run < runs[base].x;
  return HorizonRun(exists, index, base + 1u + run);
}
