/** What stands in Rekey's own SQLite file: the ledger and the outbox as they stand, read and never written. */

import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** Newest first. `json` is the row as Rekey wrote it, laid out to be read. */
export interface LedgerView {
  readonly ledger: readonly Line[]
  readonly outbox: readonly Line[]
}

/** One entry or job: `title` and `detail` on the line, `json` when it is opened. */
export interface Line {
  readonly id: string
  readonly title: string
  readonly detail: string
  readonly state: 'done' | 'waiting' | 'stuck'
  readonly json: string
}

const most = 100

/**
 * Reads the file that Rekey writes, without a lock that Rekey would have to wait for. It knows the
 * columns by name and nothing of Rekey's code; where they are not as expected, there is nothing to see.
 */
export class LedgerReader {
  readonly #file: string
  #database: DatabaseSync | undefined

  constructor(file: string) {
    this.#file = file
  }

  /** Changes whenever Rekey has committed something; 0 while there is no file yet. */
  version(): number {
    const row = this.#read((database) => database.prepare('pragma data_version').get())
    return Number(row?.['data_version'] ?? 0)
  }

  /** The newest hundred of each; null while there is no file or no table yet. */
  view(): LedgerView | null {
    const found = this.#read((database) => ({
      ledger: rows(database, 'select seq, hash, entry_json from ledger order by seq desc limit ?'),
      outbox: rows(database, 'select * from jobs order by place desc limit ?'),
    }))
    return found
      ? { ledger: found.ledger.map(ledgerLine), outbox: found.outbox.map(jobLine) }
      : null
  }

  close(): void {
    this.#database?.close()
    this.#database = undefined
  }

  // Rekey makes the file and its tables in its own time; until then there is nothing to see.
  #read<Found>(look: (database: DatabaseSync) => Found): Found | undefined {
    try {
      if (this.#database === undefined && !existsSync(this.#file)) return undefined
      this.#database ??= new DatabaseSync(this.#file, { readOnly: true, timeout: 1000 })
      return look(this.#database)
    } catch {
      this.close()
      return undefined
    }
  }
}

type Row = Record<string, unknown>

function rows(database: DatabaseSync, query: string): Row[] {
  return database.prepare(query).all(most)
}

function ledgerLine(row: Row): Line {
  const entry = parsed(row['entry_json'])
  const { type, actor, request, time } = entry
  return {
    id: String(row['seq']),
    title: String(type),
    detail: [request, actorWords(actor), clock(time)].filter(Boolean).join(' · '),
    state: 'done',
    json: JSON.stringify({ ...entry, hash: row['hash'] }, undefined, 2),
  }
}

function jobLine(row: Row): Line {
  const task = parsed(row['task_json'])
  const attempts = Number(row['attempts'])
  const tried = attempts > 1 ? `tried ${attempts} times` : ''
  const due = row['done_at'] === null ? `due ${clock(new Date(Number(row['not_before'])))}` : 'done'
  return {
    id: String(row['id']),
    title: String(row['kind']),
    detail: [task['request'], due, tried, row['last_error']].filter(Boolean).join(' · '),
    state: jobState(row),
    json: JSON.stringify({ ...row, task_json: task }, undefined, 2),
  }
}

function jobState(row: Row): Line['state'] {
  if (row['parked_at'] !== null) return 'stuck'
  return row['done_at'] === null ? 'waiting' : 'done'
}

function parsed(json: unknown): Row {
  const value: unknown = JSON.parse(String(json))
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function actorWords(actor: unknown): string {
  if (typeof actor !== 'object' || actor === null) return ''
  return 'id' in actor ? String(actor.id) : 'Rekey'
}

function clock(time: unknown): string {
  const date = time instanceof Date ? time : new Date(String(time))
  return Number.isNaN(date.getTime()) ? '' : `${date.toISOString().slice(11, 19)} UTC`
}
