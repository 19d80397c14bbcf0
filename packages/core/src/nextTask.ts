/** Lets signals, timers and a page's drawing have their turn in a long computation. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}
