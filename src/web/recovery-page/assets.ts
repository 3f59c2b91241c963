/** The page's style and script, which stand inside every page, and the policy that lets no other in. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Html } from './html.ts'

interface Asset {
  readonly text: Html
  /** As it stands in a Content-Security-Policy. */
  readonly hash: string
}

export const style = asset('style.css')
export const script = asset('script.js')

/** Everything is forbidden but what is named, down to a script that would write HTML. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src ${style.hash}`,
  `script-src ${script.hash}`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

function asset(name: string): Asset {
  // A browser hashes what it has parsed, and by then a line ends in LF, whatever Git made of it.
  const text = readFileSync(join(import.meta.dirname, name), 'utf8').replaceAll('\r\n', '\n')
  const hash = `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return { text: Html.verbatim(text), hash }
}
