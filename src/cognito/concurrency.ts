/** Does the same work for each of many things, a few at a time, and keeps their order. */
export async function eachOf<In, Out>(
  things: readonly In[],
  atOnce: number,
  work: (thing: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = []
  // All workers draw from this one iterator.
  const rest = things.entries()
  const worker = async () => {
    for (const [place, thing] of rest) results[place] = await work(thing)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, things.length) }, worker))
  return results
}
