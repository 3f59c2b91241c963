/** Reads what a form sends, with an end to how much and how long. */

import type { IncomingMessage } from 'node:http'
import { Secret } from '../../secret.ts'

/** A form as it was filled in: every field there is, present or not. */
export interface Form {
  /** Which button. */
  readonly action: string
  readonly username: string
  readonly code: Secret
  readonly password: Secret
  readonly token: string
  readonly language: string | null
}

export type Submission =
  | { readonly kind: 'form'; readonly form: Form }
  | { readonly kind: 'not-a-form' | 'too-large' | 'too-slow' }
  /** Nobody is there any more to be told. */
  | { readonly kind: 'gone' }

// A name of 128 characters and a password of 256 fit in, all of them percent-encoded four-byte ones.
const mostBytes = 8 * 1024

export async function readForm(request: IncomingMessage, withinMs: number): Promise<Submission> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return { kind: 'not-a-form' }
  const body = await readBody(request, withinMs)
  return typeof body === 'string' ? { kind: 'form', form: formOf(body) } : body
}

function readBody(
  request: IncomingMessage,
  withinMs: number,
): Promise<string | Exclude<Submission, { kind: 'form' }>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const timer = setTimeout(() => resolve({ kind: 'too-slow' }), withinMs)
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      // What comes after is read and dropped, until the answer closes the connection.
      if (bytes > mostBytes) resolve({ kind: 'too-large' })
      else chunks.push(chunk)
    })
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.once('error', () => resolve({ kind: 'gone' }))
    request.once('close', () => {
      clearTimeout(timer)
      resolve({ kind: 'gone' })
    })
  })
}

function formOf(body: string): Form {
  const fields = new URLSearchParams(body)
  const text = (name: string) => fields.get(name) ?? ''
  return {
    action: text('do'),
    username: text('username').trim(),
    // People copy codes with spaces, and a Japanese keyboard may type them in full width.
    code: new Secret(text('code').normalize('NFKC').replaceAll(/\s/g, '')),
    password: new Secret(text('password')),
    token: text('token'),
    language: fields.get('lang'),
  }
}
