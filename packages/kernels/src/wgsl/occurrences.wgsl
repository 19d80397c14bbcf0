// Sums over a run: all the occurrences of one row in a step, in sorted order. No atomics, no lost updates, the same bits
// every time.
override batch: u32;
override negatives: u32;

struct Run {
  row: u32,
  // Places in `order`.
  begin: u32,
  end: u32,
}

fn runCount() -> u32 {
  return runs[step.index * (batch * (negatives + 2u) + 2u)].x;
}

fn runAt(number: u32) -> Run {
  let places = batch * (negatives + 2u);
  let base = step.index * (places + 2u) + 1u + number;
  return Run(runs[base].x, step.index * places + runs[base].y, step.index * places + runs[base + 1u].y);
}

// The data term's gradient of four numbers of the run's row: coefficients times snapshots.
fn runGradient(run: Run, v: u32) -> vec4f {
  var sum = vec4f();
  for (var place = run.begin; place < run.end; place++) {
    let occurrence = order[place];
    let slot = occurrence / (negatives + 2u);
    let isUser = occurrence % (negatives + 2u) == 0u;
    sum += coefficients[occurrence] * snapshots[select(slot, batch + slot, isUser) * vectors + v];
  }
  return sum;
}

// The row's share of the step's triples, which weighs its L2 term: a user or positive takes part in `negatives` triples, a
// negative in one.
fn runShare(run: Run) -> f32 {
  var triples = 0.0;
  for (var place = run.begin; place < run.end; place++) {
    triples += select(1.0, f32(negatives), order[place] % (negatives + 2u) < 2u);
  }
  return triples * step.inverseTriples;
}
