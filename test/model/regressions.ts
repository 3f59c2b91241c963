/** Runs that once went wrong, as fast-check names them. They hold for the list of commands as it was then. */

export const regressions: readonly {
  readonly seed: number
  readonly path: string
  readonly replayPath: string
}[] = []
