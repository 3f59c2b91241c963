/** What a database calls an error: SQLite's number, or PostgreSQL's five characters. */
export function codeOf(error: unknown): number | string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode
  if ('code' in error && typeof error.code === 'string') return error.code
  return undefined
}
