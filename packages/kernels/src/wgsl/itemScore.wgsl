// From products y = p̂·q to scores s = f_item · link(y), and how strongly a triple's loss counts.

// 0: the identity. 1: ELU(y) + 1, which is y + 1 above 0 and eʸ below.
override link: u32;
// 1: items have numbers of their own. 0: factors and weights are 1, and `itemNumbers` is not looked at.
override hasItemNumbers: u32;
// Row of the first item.
override firstItem: u32;

struct Score {
  value: f32,
  // ds/dy.
  slope: f32,
}

fn scoreOf(product: f32, row: u32) -> Score {
  var score = Score(product, 1.0);
  if (link == 1u) {
    let power = exp(min(product, 0.0));
    score = Score(max(product, 0.0) + power, power);
  }
  if (hasItemNumbers == 1u) {
    let factor = itemNumbers[row - firstItem].x;
    score = Score(factor * score.value, factor * score.slope);
  }
  return score;
}

// By the row of the triple's positive.
fn lossWeight(row: u32) -> f32 {
  if (hasItemNumbers == 1u) {
    return itemNumbers[row - firstItem].y;
  }
  return 1.0;
}
