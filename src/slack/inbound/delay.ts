/** A while on the machine's clock, which keeps no process from ending. */
export async function delay(milliseconds: number): Promise<undefined> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}
