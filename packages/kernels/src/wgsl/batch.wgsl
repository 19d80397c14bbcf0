// Places of a step: batch · (negatives + 2), those of short batches included.
override batch: u32;
override negatives: u32;
