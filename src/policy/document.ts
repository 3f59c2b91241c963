/** policy.yml as a YAML document that remembers where everything stands. */

import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Path } from './fault.ts'
import { text } from './text/text.ts'

/** What a YAML text holds, whatever that is, and what is wrong with it as YAML. */
export interface PolicyDocument {
  /** Nothing where the YAML is too broken to tell what was meant. */
  readonly content?: { readonly data: unknown }
  readonly faults: readonly { readonly offset: number; readonly problem: string }[]
  /** Where the thing at this path begins, or what is nearest around it. */
  readonly offsetOf: (path: Path) => number
  /** `12:5`, both counted from one. */
  readonly lineAndColumn: (offset: number) => string
}

/** Reads any text; nothing in it makes this throw. */
export function readDocument(yaml: string): PolicyDocument {
  const lines = new LineCounter()
  const lineAndColumn = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${Math.max(line, 1)}:${Math.max(col, 1)}`
  }
  try {
    // Only string keys: YAML would also take a list or a mapping for one.
    const document = parseDocument(yaml, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
    })
    const { faults, readable } = yamlFaults(document)
    return {
      ...(readable && { content: { data: document.toJS() } }),
      faults,
      offsetOf: (path) => offsetIn(document, path),
      lineAndColumn,
    }
  } catch (cause) {
    // Text nested thousands deep ends in a RangeError of the parser.
    const problem = text.yaml.unreadable(cause instanceof Error ? cause.message : String(cause))
    return { faults: [{ offset: 0, problem }], offsetOf: () => 0, lineAndColumn }
  }
}

function yamlFaults(document: Document.Parsed) {
  const { duplicates, syntax } = Object.groupBy(
    [...document.errors, ...document.warnings],
    ({ code }) => (code === 'DUPLICATE_KEY' ? 'duplicates' : 'syntax'),
  )
  const unreadable = [
    ...(syntax ?? []).map(({ code, pos, message }) => ({
      offset: pos[0],
      problem: code === 'MULTIPLE_DOCS' ? text.yaml.severalDocuments : text.yaml.syntax(message),
    })),
    ...misleadingIn(document),
  ]
  const repeated = (duplicates ?? []).map(({ pos }) => ({
    offset: pos[0],
    problem: text.yaml.repeatedKey,
  }))
  return { faults: [...unreadable, ...repeated], readable: unreadable.length === 0 }
}

/** YAML that is well formed and would still not be taken the way a reviewer reads it. */
function misleadingIn(document: Document.Parsed) {
  const faults: { offset: number; problem: string }[] = []
  visit(document, {
    // An alias makes a line grant what is written elsewhere.
    Alias(_, { source, range }) {
      faults.push({ offset: range?.[0] ?? 0, problem: text.yaml.alias(source) })
    },
    // Code that copies objects drops this key without a word, zod's included.
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '__proto__') return
      faults.push({ offset: startOf(key) ?? 0, problem: text.yaml.proto })
    },
  })
  return faults
}

function offsetIn(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
      if (!pair) break
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step]
      offset = startOf(node) ?? offset
    } else break
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined
}
