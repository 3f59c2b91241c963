/** `.env`, and where it does not say what whoever wrote it meant. */

import { readFileSync, statSync } from 'node:fs'
import dotenv from 'dotenv'
import { text as sentences } from './config-text/text.ts'

/** What a file of variables holds. */
export interface EnvFile {
  readonly variables: Readonly<Record<string, string>>
  /** The number of the line on which a variable begins, counted from one. The last one counts. */
  readonly lines: ReadonlyMap<string, number>
  readonly faults: readonly EnvFault[]
  /** One line for the operator about what is to be mended, and does not keep Rekey from starting. */
  readonly warning?: string
}

export interface EnvFault {
  /** Whose value is not what was meant; absent where the fault is the file's, or a line's. */
  readonly variable?: string
  /** One line for the operator, without anything of a value. */
  readonly line: string
}

/** Where everything was set outside. */
export const noFile: EnvFile = { variables: {}, lines: new Map(), faults: [] }

/** Reads the file, if there is one; whatever it holds, this does not throw. */
export function readEnvFile(file: string): EnvFile {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return code === 'ENOENT' ? noFile : fileFault(sentences.envFile.unreadable(file, code))
  }
  if (isUtf16(bytes)) return fileFault(sentences.envFile.utf16(file))
  return withRights(parseEnvFile(bytes.toString('utf8'), file), file)
}

/** Everything Rekey can do is in the file. Whoever changes it is Rekey from its next start on. */
function withRights(read: EnvFile, file: string): EnvFile {
  // Windows has no such rights, and Node makes some up there.
  if (process.platform === 'win32') return read
  const { mode, uid } = statSync(file)
  if ((mode & forOthers.write) !== 0)
    return { ...read, faults: [{ line: sentences.envFile.writable(file) }, ...read.faults] }
  if (uid !== 0 && uid !== process.getuid?.())
    return { ...read, warning: sentences.envFile.foreign(file, uid) }
  return (mode & forOthers.read) === 0
    ? read
    : { ...read, warning: sentences.envFile.readable(file) }
}

// In many systems everybody is alone in a group of their own, and files are made writable for it: that is only
// warned of.
const forOthers = { read: 0o064, write: 0o002 }

/**
 * Parses as dotenv does, and looks at each line for what dotenv passes over in silence.
 *
 * @param file its name, for the faults only
 */
export function parseEnvFile(text: string, file: string): EnvFile {
  const lines = new Map<string, number>()
  const faults: EnvFault[] = []
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const [, variable, value] = /^\s*(?:export\s+)?([\w.-]+)(?:\s*=|:(?=\s))(.*)$/.exec(line) ?? []
    const place = sentences.place(file, index + 1)
    if (variable === undefined || value === undefined) {
      faults.push({ line: sentences.envFile.noVariable(place) })
      continue
    }
    lines.set(variable, index + 1)
    const problem = problemWith(value)
    if (problem !== undefined)
      faults.push({ variable, line: sentences.fault.variable(`${place} ${variable}`, problem) })
  }
  return { variables: dotenv.parse(text), lines, faults }
}

/** PowerShell's `>` and older editors on Windows write it. Half of its bytes are null. */
export function isUtf16(bytes: Buffer): boolean {
  return ['fffe', 'feff'].includes(bytes.toString('hex', 0, 2)) || bytes.includes(0)
}

function problemWith(value: string): string | undefined {
  const { cut, cutWhole, openQuote, afterQuote } = sentences.envFile
  if (value.startsWith('#')) return cutWhole
  const written = value.trim()
  const [quote = ''] = written
  if (!['"', "'", '`'].includes(quote)) return /\S#/.test(beforeComment(value)) ? cut : undefined
  const end = closingQuote(written, quote)
  if (end === -1) return openQuote
  return /^\s*(#|$)/.test(written.slice(end + 1)) ? undefined : afterQuote
}

/** A `#` after a blank begins a comment, as everybody who writes one means it to. */
function beforeComment(value: string): string {
  return value.replace(/\s#.*$/, '')
}

function closingQuote(value: string, quote: string): number {
  for (let at = 1; at < value.length; at += 1) {
    if (value[at] === '\\') at += 1
    else if (value[at] === quote) return at
  }
  return -1
}

function fileFault(line: string): EnvFile {
  return { ...noFile, faults: [{ line }] }
}
