/** Does work on one input after the other, for work that takes the whole machine. */
export async function inTurn<In, Out>(inputs: readonly In[], work: (input: In) => Promise<Out>): Promise<Out[]> {
  const outputs: Out[] = []
  for (const input of inputs) outputs.push(await work(input))
  return outputs
}
