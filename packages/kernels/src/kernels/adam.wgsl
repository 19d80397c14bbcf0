// Dense Adam with PyTorch's semantics and order of operations, four numbers an invocation, every row at every step.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "rowGradient.wgsl"

override workgroupSize: u32;
override beta2: f32;
// 1 − β1 and 1 − β2, subtracted in double precision.
override oneMinusBeta1: f32;
override oneMinusBeta2: f32;
override epsilon: f32;
override amsgrad: u32;
override vectorCount: u32;

@group(0) @binding(0) var<storage, read_write> table: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> v: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> vMax: array<vec4f>;
@group(0) @binding(4) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(5) var<storage, read> touched: array<vec2u>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let place = workgroupNumber(workgroupId, workgroupCount) * workgroupSize + localIndex;
  if (place >= vectorCount) {
    return;
  }
  let theta = table[place];
  let g = rowGradient(place, theta);
  let newM = m[place] + oneMinusBeta1 * (g - m[place]);
  let newV = beta2 * v[place] + oneMinusBeta2 * g * g;
  m[place] = newM;
  v[place] = newV;
  var secondMoment = newV;
  if (amsgrad == 1u) {
    secondMoment = max(vMax[place], newV);
    vMax[place] = secondMoment;
  }
  table[place] = theta - step.stepSize * (newM / (sqrt(secondMoment) / step.sqrtCorrection + epsilon));
}
