//#include "grid.wgsl"
//#include "plan.wgsl"

var<workgroup> chunkSums: array<u32, TILE_THREADS>;

// Exclusive prefix sum of one number per invocation over the tile; must be reached by the whole workgroup.
fn exclusiveSum(value: u32, localIndex: u32) -> u32 {
  chunkSums[localIndex] = value;
  workgroupBarrier();
  for (var reach = 1u; reach < TILE_THREADS; reach <<= 1u) {
    var sum = chunkSums[localIndex];
    if (localIndex >= reach) {
      sum += chunkSums[localIndex - reach];
    }
    workgroupBarrier();
    chunkSums[localIndex] = sum;
    workgroupBarrier();
  }
  let result = chunkSums[localIndex] - value;
  workgroupBarrier();
  return result;
}
