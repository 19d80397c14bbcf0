//#include "batch.wgsl"
// The runs of a step: all the occurrences of one row are one, users' rows come first. kernels/writeRuns.wgsl has the layout.

struct Run {
  row: u32,
  // Places in `order`.
  begin: u32,
  end: u32,
  // With lazy updates: the step of the horizon that touches the row next, or NEVER.
  nextTouch: u32,
}

const NEVER = 0xffffffffu;

// (runs, how many of them are users').
fn runCounts() -> vec2u {
  return runs[step.index * (batch * (negatives + 2u) + 2u)].xy;
}

fn runCount() -> u32 {
  return runCounts().x;
}

// Of rows like that of a run, users or items: how many of them have a run in this step.
fn runsAlike(number: u32) -> u32 {
  let counts = runCounts();
  return select(counts.x - counts.y, counts.y, number < counts.y);
}

fn rowOfRun(number: u32) -> u32 {
  return runs[step.index * (batch * (negatives + 2u) + 2u) + 1u + number].x;
}

fn runAt(number: u32) -> Run {
  let places = batch * (negatives + 2u);
  let base = step.index * (places + 2u) + 1u + number;
  let run = runs[base];
  return Run(run.x, step.index * places + run.y, step.index * places + runs[base + 1u].y, run.z);
}
