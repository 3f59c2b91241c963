/** The changes that no unit test notices, and why that is right or has to do. `npm run mutants` compares. */

export interface Left {
  readonly file: string
  readonly why: string
  /** The line that it begins in, and what stands there instead of what, as `npm run mutants` prints both. */
  readonly changes: readonly (readonly [line: string, change: string])[]
}

export const left: readonly Left[] = []
