/** A witness of transparency logs, asked as C2SP tlog-witness has it. */

import { EnvHttpProxyAgent, fetch, type Headers } from 'undici'
import { type ProxySettings, proxyFor } from '../proxy.ts'

/** A checkpoint as a witness is shown it. */
export interface Shown {
  /** The size of the checkpoint that the witness is believed to have signed last; 0 for none. */
  readonly old: number
  /** That the checkpoint goes on from there. Empty where `old` is 0, or the checkpoint's own size. */
  readonly proof: readonly Buffer[]
  /** The checkpoint, signed. */
  readonly note: string
}

export type WitnessAnswer =
  /** The lines it has signed; not checked yet. */
  | { readonly kind: 'signed'; readonly lines: string }
  /**
   * It has signed another size last; or, where that is the size it was shown, another root. For the latter the
   * protocol asks for no size.
   */
  | { readonly kind: 'elsewhere'; readonly size?: number }
  /** What it was shown does not go on from what it has signed. */
  | { readonly kind: 'inconsistent' }
  /** No answer, or none that the protocol has. */
  | { readonly kind: 'failed'; readonly because: string }

/** How it is reached. */
interface Way {
  readonly proxy?: ProxySettings
  /** How long the whole answer may take. */
  readonly timeoutMs?: number
}

const usualTimeoutMs = 10_000
// Sixteen signatures are far less.
const longestAnswer = 16_384

/** @param url what comes before `/add-checkpoint` */
export async function showTo(
  url: string,
  { old, proof, note }: Shown,
  { proxy, timeoutMs = usualTimeoutMs }: Way = {},
): Promise<WitnessAnswer> {
  const lines = [`old ${old}`, ...proof.map((hash) => hash.toString('base64')), '', note]
  const via = proxyFor(url, proxy)?.reveal()
  const dispatcher =
    via === undefined
      ? undefined
      : new EnvHttpProxyAgent({ httpProxy: via, httpsProxy: via, noProxy: proxy?.none ?? '' })
  try {
    const response = await fetch(`${url}/add-checkpoint`, {
      method: 'POST',
      body: lines.join('\n'),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(dispatcher && { dispatcher }),
    })
    return readAnswer(response.status, typeOf(response.headers), await textOf(response.body))
  } catch (error) {
    return { kind: 'failed', because: codeOf(error) }
  } finally {
    await dispatcher?.destroy()
  }
}

function readAnswer(status: number, type: string, body: string | undefined): WitnessAnswer {
  if (body === undefined) return { kind: 'failed', because: 'the answer is too long' }
  if (status === 200) return { kind: 'signed', lines: body }
  if (status === 422) return { kind: 'inconsistent' }
  if (status !== 409) return { kind: 'failed', because: `HTTP ${status}` }
  const [, size] = (type === sizeType && /^(0|[1-9]\d{0,14})\n$/.exec(body)) || []
  return { kind: 'elsewhere', ...(size !== undefined && { size: Number(size) }) }
}

const sizeType = 'text/x.tlog.size'

function typeOf(headers: Headers): string {
  return headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
}

/** @returns undefined where it is longer than any answer needs to be */
async function textOf(body: AsyncIterable<Uint8Array> | null): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body ?? []) {
    length += part.length
    if (length > longestAnswer) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** undici wraps what has happened; what it says of it may hold the address of a proxy. */
function codeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {}
  if (cause !== undefined) return codeOf(cause)
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
