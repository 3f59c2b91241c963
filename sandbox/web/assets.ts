/** The page's files as the browser gets them: TypeScript with its types taken off, and Preact as it was installed. */

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file for the browser: its content type (as the header has it), and its text. */
export interface Asset {
  readonly type: string
  readonly body: string
}

const folder = join(import.meta.dirname, '..', 'page')

const libraries: Readonly<Record<string, string>> = {
  preact: '/lib/preact.mjs',
  'preact/hooks': '/lib/hooks.mjs',
}
/** Pure modules of the simulated Slack that the page reads Block Kit with, too. */
const shared = ['/slack/json.ts', '/slack/values.ts']

const importMap = JSON.stringify({ imports: libraries })
const script = 'text/javascript; charset=utf-8'

/** Nothing but this server's own files and words; the import map is the only script inside the page. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash('sha256').update(importMap).digest('base64')}'`,
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * The file at this path of the URL; undefined if the page has no such file. Files are read anew each time, so
 * that a change shows when the page is loaded again. Types are taken off and not checked; lines and columns
 * stay as they are.
 */
export function asset(path: string): Asset | undefined {
  if (path === '/') return { type: 'text/html; charset=utf-8', body: page() }
  const library = Object.entries(libraries).find(([, url]) => url === path)
  if (library) return { type: script, body: read(fileURLToPath(import.meta.resolve(library[0]))) }
  if (shared.includes(path))
    return { type: script, body: stripTypeScriptTypes(read(join(folder, '..', path))) }
  const name = basename(path)
  if (path !== `/page/${name}` || !files().includes(name)) return undefined
  const text = read(join(folder, name))
  if (extname(name) === '.css') return { type: 'text/css; charset=utf-8', body: text }
  return { type: script, body: stripTypeScriptTypes(text) }
}

function page(): string {
  const modules = [
    ...files()
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `/page/${name}`),
  ]
  const preloads = [...Object.values(libraries), ...shared, ...modules].map(
    (url) => `<link rel="modulepreload" href="${url}">`,
  )
  const styles = files()
    .filter((name) => name.endsWith('.css'))
    .map((name) => `<link rel="stylesheet" href="/page/${name}">`)
  return read(join(folder, 'index.html'))
    .replace('<!-- import map -->', () => `<script type="importmap">${importMap}</script>`)
    .replace('<!-- files -->', () => [...styles, ...preloads].join('\n'))
}

function files(): string[] {
  return readdirSync(folder).filter((name) => /^[\w-]+\.(ts|css)$/.test(name))
}

function read(file: string): string {
  return readFileSync(file, 'utf8')
}
