/** Under which key the audit channel's post for an entry is found. */
export function auditPostKey(seq: number): string {
  return `audit entry ${seq}`
}

/** The same for the post of a checkpoint. */
export function checkpointPostKey(size: number): string {
  return `checkpoint ${size}`
}

/** What a post bears witness to, by its key; undefined where it is no witness. */
export function witnessOf(
  key: string,
):
  | { readonly kind: 'entry'; readonly seq: number }
  | { readonly kind: 'checkpoint'; readonly size: number }
  | undefined {
  const [, what, number] = /^(audit entry|checkpoint) (\d+)$/.exec(key) ?? []
  if (what === undefined) return undefined
  return what === 'checkpoint'
    ? { kind: 'checkpoint', size: Number(number) }
    : { kind: 'entry', seq: Number(number) }
}
