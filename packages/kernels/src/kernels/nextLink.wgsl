// Next to nothing: a dispatch that has to wait for the one before it, for measuring what a dispatch costs at least.
@group(0) @binding(0) var<storage, read_write> links: array<u32>;

@compute @workgroup_size(1)
fn main() {
  links[0] += 1u;
}
