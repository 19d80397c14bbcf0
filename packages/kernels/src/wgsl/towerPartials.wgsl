// The gradient of MACR's towers is a sum over all slots of a batch, made in two goes so that neither is long: stretches of slots
// (kernels/sumTowers.wgsl), then these partial sums, [stretches][2][vectors], the user tower first. The order is fixed.
override stretches: u32;

// Four numbers of the gradient, `place` of the 2 · vectors in both towers.
fn towerGradient(place: u32) -> vec4f {
  var sum = vec4f();
  for (var stretch = 0u; stretch < stretches; stretch++) {
    sum += partials[stretch * 2u * vectors + place];
  }
  return sum;
}
