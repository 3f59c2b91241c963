/** Opens the database as the configuration says, and hears of what becomes of it. */

import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { RowSealer } from './sealing/row-sealer.ts'
import { type OpenStore, openStore } from './store/open.ts'

export interface Database extends OpenStore {
  /** How many refusals were too many for the ledger. */
  readonly refusalsCounted: () => number
}

/** What it takes to open it. */
interface Opening {
  readonly config: Config
  readonly log: Logger
  /** In place of the database's clock. */
  readonly now: (() => Date) | undefined
  readonly onOutgrown?: () => void
  readonly open: AsyncDisposableStack
}

export async function openDatabase(opening: Opening): Promise<Database> {
  const { config, log, now, open, onOutgrown } = opening
  let refusalsCounted = 0
  const opened = await openStore(config.databaseUrl.reveal(), {
    sealer: new RowSealer(config.secretKey, config.formerSecretKeys),
    now,
    endsWith: config.sealDatabase,
    onlyCounted: ({ type, actor }) => {
      refusalsCounted += 1
      log.warn({ type, actor }, 'refused so often that the ledger has no more of it in this hour')
    },
    unreadable: (job, fault) =>
      log.error({ job, fault }, 'a job cannot be read, and was set aside'),
    outgrown: () => {
      log.fatal('a newer Rekey has changed the database: this one stops, and must not run any more')
      onOutgrown?.()
    },
  })
  open.defer(() => opened.close())
  return { ...opened, refusalsCounted: () => refusalsCounted }
}
