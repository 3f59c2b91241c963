/** Kysely over `node:sqlite`, which Kysely's own SQLite dialect takes for better-sqlite3. */

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
  type TransactionSettings,
} from 'kysely'

export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    super({ database: asKyselyWants(database) })
    this.#database = database
  }

  override createDriver(): SqliteDriver {
    return new NodeSqliteDriver(this.#database)
  }
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    super({ database: asKyselyWants(database) })
    this.#database = database
  }

  // A transaction that begins as a reader can be refused when it first writes; this one waits instead,
  // unless it is never to write.
  override async beginTransaction(
    connection: DatabaseConnection,
    { accessMode }: TransactionSettings = {},
  ): Promise<void> {
    const begin = accessMode === 'read only' ? 'begin' : 'begin immediate'
    await connection.executeQuery(CompiledQuery.raw(begin))
  }

  // Where SQLite has rolled back by itself (a full disk), a second one would hide the first error.
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection)
  }
}

// There are some eighty, and more only where a list may have any length.
const keptStatements = 500

/** Kysely asks for a statement anew whenever it runs one; here it is prepared once. */
function asKyselyWants(database: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  const prepare = (sql: string): SqliteStatement => {
    const prepared = statement(database.prepare(sql))
    if (kept.size >= keptStatements) kept.clear()
    kept.set(sql, prepared)
    return prepared
  }
  return {
    close: () => database.close(),
    prepare: (sql) => kept.get(sql) ?? prepare(sql),
  }
}

function statement(prepared: StatementSync): SqliteStatement {
  return {
    reader: prepared.columns().length > 0,
    // Rows come without a prototype, and are then equal to nothing that was written as an object.
    all: (parameters) => prepared.all(...parameters.map(bindable)).map((row) => ({ ...row })),
    run: (parameters) => prepared.run(...parameters.map(bindable)),
    iterate: (parameters) => prepared.iterate(...parameters.map(bindable)),
  }
}

function bindable(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return value
  if (typeof value === 'number' || value instanceof Uint8Array) return value
  throw new TypeError(`SQLite cannot hold a ${typeof value}`)
}
