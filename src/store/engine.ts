/** What the room needs of a database engine, besides that it understands Kysely's queries. */

import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export interface Engine {
  readonly kind: 'sqlite' | 'postgresql'
  readonly db: Kysely<Tables>
  /** What time it is where the data are, in milliseconds since 1970. */
  time(): Promise<number>
  /** Clears away what deleted rows have left behind outside their tables, as far as the engine can. */
  wipe(): Promise<void>
  close(): Promise<void>
}

/** Why a store cannot be opened, in a sentence for the operator. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen'
}
