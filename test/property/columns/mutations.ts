/** Every change of a table, one at a time: of a value, of a row, of two rows with each other. */

import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

export interface Column {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly notNull: boolean
  readonly isKey: boolean
}

/** One change. */
export interface Mutation {
  readonly table: string
  /** `*` for whole rows. */
  readonly column: string
  /** What is changed, in words. */
  readonly what: string
  readonly row: Row
  readonly apply: (database: DatabaseSync) => void
}

export type Row = Readonly<Record<string, SQLInputValue>>

/** As the database itself has them. */
export function columnsOf(database: DatabaseSync): readonly Column[] {
  const tables = database
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    .all()
  return tables.flatMap(({ name: table }) =>
    database
      .prepare(`pragma table_info(${String(table)})`)
      .all()
      .map(({ name, type, notnull, pk }) => ({
        table: String(table),
        name: String(name),
        type: String(type).toLowerCase(),
        notNull: notnull === 1,
        isKey: Number(pk) > 0,
      })),
  )
}

/** Of some rows of every table. */
export function mutationsOf(
  database: DatabaseSync,
  columns: readonly Column[],
): readonly Mutation[] {
  const tables = [...new Set(columns.map(({ table }) => table))]
  return tables.flatMap((table) => {
    const own = columns.filter((each) => each.table === table)
    const all = database.prepare(`select rowid as rowid, * from ${table}`).all() as Row[]
    const rows = evenly(all, mostRows)
    return [
      ...own.flatMap((column) => rows.flatMap((row) => ofValue(column, row, rows))),
      ...rows.flatMap((row) => ofRow(table, own, row)),
    ]
  })
}

// Jobs and entries are many, and alike.
const mostRows = 5

export function evenly<Item>(all: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(1, all.length / most)
  return Array.from({ length: Math.min(most, all.length) }, (_, index) =>
    all.at(Math.floor(index * step)),
  ).filter((item) => item !== undefined)
}

function ofValue(column: Column, row: Row, rows: readonly Row[]): readonly Mutation[] {
  const { table, name } = column
  const value = row[name] ?? null
  const other = rows.find((each) => each[name] !== value)
  const values = [...others(column, value), ...(other === undefined ? [] : [other[name] ?? null])]
  const changes = values
    .filter((each) => !isSame(each, value))
    .map((each) => ({
      ...{ table, column: name, row, what: `${table}.${name} = ${shown(each)}` },
      apply: (database: DatabaseSync) => set(database, column, row, each),
    }))
  if (other === undefined) return changes
  const swap = {
    ...{ table, column: name, row, what: `${table}.${name} swapped with another row` },
    apply: (database: DatabaseSync) => {
      set(database, column, row, aside(column))
      set(database, column, other, value)
      set(database, column, row, other[name] ?? null)
    },
  }
  return [...changes, swap]
}

/** Off by one, empty, far away, garbage, and null where that is allowed. */
function others({ type, notNull }: Column, value: SQLInputValue): readonly SQLInputValue[] {
  const none = notNull ? [] : [null]
  if (type === 'integer') {
    const number = Number(value ?? 0)
    return [...none, number + 1, number - 1, 0, 1, 2 ** 42]
  }
  if (type === 'blob') {
    const bytes = Buffer.from((value as Uint8Array | null) ?? [])
    const turned = Buffer.from(bytes)
    if (turned.length > 0) turned[0] = (turned[0] ?? 0) ^ 1
    return [...none, turned, Buffer.alloc(0), bytes.subarray(1)]
  }
  return [...none, '', 'another', '{"kind":', ...keywords, ...jsonOthers(String(value ?? ''))]
}

// What columns of words may hold: a change to one of these passes every form.
const keywords = ['approved', 'executing', 'not-applied', 'reset', 'CONFIRMED', 'execute']

/** JSON with one value of it changed, so that it can still be read. */
function jsonOthers(text: string): readonly string[] {
  if (!/^[{[]/.test(text)) return []
  const parsed: unknown = JSON.parse(text)
  if (Array.isArray(parsed)) return ['[]', JSON.stringify([...parsed, ...parsed])]
  return Object.keys(parsed as object).map((name) => {
    const { [name]: value, ...rest } = parsed as Record<string, unknown>
    return JSON.stringify(
      typeof value === 'number'
        ? { ...rest, [name]: value === 0 ? 1 : value - 1 }
        : typeof value === 'string'
          ? { ...rest, [name]: `${value.slice(0, -1)}0` }
          : rest,
    )
  })
}

function ofRow(table: string, own: readonly Column[], row: Row): readonly Mutation[] {
  const whole = { table, column: '*', row }
  const deleted = {
    ...whole,
    what: `a row of ${table} deleted`,
    apply: (database: DatabaseSync) => {
      database.prepare(`delete from ${table} where rowid = ?`).run(rowId(row))
    },
  }
  const keys = own.filter(({ isKey }) => isKey)
  const duplicated = keys.map((key) => ({
    ...whole,
    what: `a row of ${table} beside itself, with another ${key.name}`,
    apply: (database: DatabaseSync) => {
      const names = own.map(({ name }) => name)
      const values = own.map((column) =>
        column.name === key.name ? aside(column) : (row[column.name] ?? null),
      )
      const marks = names.map(() => '?').join(', ')
      database
        .prepare(`insert into ${table} (${names.join(', ')}) values (${marks})`)
        .run(...values)
    },
  }))
  return [deleted, ...duplicated]
}

function aside({ type, name }: Column): SQLInputValue {
  if (type === 'integer') return 2 ** 41
  return name === 'id' || name.endsWith('request_id') ? 'REQ-ZZZZZZZZZZ' : 'aside'
}

function set(database: DatabaseSync, { table, name }: Column, row: Row, to: SQLInputValue): void {
  database.prepare(`update ${table} set ${name} = ? where rowid = ?`).run(to, rowId(row))
}

function rowId(row: Row): SQLInputValue {
  return row['rowid'] ?? null
}

function isSame(one: SQLInputValue, other: SQLInputValue): boolean {
  return shown(one) === shown(other)
}

function shown(value: SQLInputValue): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : JSON.stringify(value)
}
