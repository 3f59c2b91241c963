/** The body of `add-checkpoint`, read as strictly as C2SP tlog-witness and tlog-checkpoint write it. */

export interface AddCheckpoint {
  readonly old: number
  readonly proof: readonly Buffer[]
  /** What is signed: the checkpoint with its last line break. */
  readonly text: string
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  readonly signatures: readonly Signature[]
}

export interface Signature {
  readonly name: string
  /** In eight hexadecimal digits. */
  readonly id: string
  readonly bytes: Buffer
}

const decimal = /^(?:0|[1-9]\d{0,14})$/

/** @returns undefined where it is malformed */
export function readRequest(body: string): AddCheckpoint | undefined {
  if (!body.endsWith('\n') || /[^\P{Cc}\n]/u.test(body)) return undefined
  const [head = '', ...notes] = body.split('\n\n')
  const [first = '', ...proofLines] = head.split('\n')
  const old = /^old (\S+)$/.exec(first)?.[1] ?? ''
  const proof = proofLines.map(hashIn)
  if (!decimal.test(old) || proofLines.length > 63 || notes.length < 2) return undefined
  const text = `${notes.slice(0, -1).join('\n\n')}\n`
  const [origin = '', size = '', root = ''] = text.split('\n')
  const rootHash = hashIn(root)
  const lines = (notes.at(-1) ?? '').slice(0, -1).split('\n')
  const signatures = lines.map(signatureIn)
  if (origin === '' || !decimal.test(size) || rootHash === undefined) return undefined
  if (proof.includes(undefined) || signatures.includes(undefined)) return undefined
  return {
    old: Number(old),
    proof: proof.filter((hash) => hash !== undefined),
    text,
    origin,
    size: Number(size),
    root: rootHash,
    signatures: signatures.filter((signature) => signature !== undefined),
  }
}

function hashIn(line: string): Buffer | undefined {
  const bytes = base64(line)
  return bytes?.length === 32 ? bytes : undefined
}

function signatureIn(line: string): Signature | undefined {
  const [, name = '', signed = ''] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? []
  const bytes = base64(signed)
  if (name === '' || bytes === undefined || bytes.length <= 4) return undefined
  return { name, id: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) }
}

function base64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
