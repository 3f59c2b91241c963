/** Runs that once went wrong, as fast-check names them. They hold for the list of commands as it was then. */

export const regressions: readonly {
  readonly seed: number
  readonly path: string
  readonly replayPath: string
}[] = [
  // An account that its owner has had frozen, with a request for it that waits for approval.
  {
    seed: 1248499313,
    path: '15:5:9:18:18:23:18:21:19:18:14:14:14:14:14:15:15:16:16',
    replayPath: 'BAgv//CG/m:1N',
  },
]
