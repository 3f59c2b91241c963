/** Floods from outside, while a test does something else. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export type FloodKind = 'page' | 'spoofed' | 'readyz' | 'tcp' | 'pipelined'

/** How often each status was answered; `connected` and `cut` of connections. */
export type Answers = Readonly<Record<string, number>>

export interface Flood {
  /** Ends it, and counts. */
  end(): Promise<Answers>
}

const attacker = join(import.meta.dirname, 'attacker.ts')

/** Begins a flood of a URL, over so many connections at once. */
export async function flood(kind: FloodKind, url: string, connections: number): Promise<Flood> {
  const child = spawn(process.execPath, [attacker, kind, url, String(connections)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  return {
    end: async () => {
      const ended = once(child, 'exit')
      child.stdin.end()
      const { value } = await lines.next()
      await ended
      return JSON.parse(value ?? '{}')
    },
  }
}
