/** web/ shows the simulated world in a browser: a workspace one can use as anybody, and what is around it. */

import { once } from 'node:events'
import type { Application } from '../cognito/application.ts'
import type { CognitoSandbox } from '../cognito/server.ts'
import type { SlackSandbox } from '../slack/start.ts'
import { perform } from './actions.ts'
import { ApplicationSessions } from './application-session.ts'
import { Viewers } from './events.ts'
import { type AdvanceClock, FaultButtons, type Killable } from './faults.ts'
import { LedgerReader } from './ledger-view.ts'
import { ReadMarks } from './read-marks.ts'
import { renderSnapshot } from './render.ts'
import { createPageServer } from './server.ts'

/** The world to show; a test may leave out what its story does not need. */
export interface ShownWorld {
  readonly slack: SlackSandbox
  readonly cognito?: CognitoSandbox
  readonly application?: Application
  /** Lets time pass, in milliseconds, for all of the world. Without it there are no buttons for time. */
  readonly advanceClock?: AdvanceClock
}

/** What of Rekey the page can show and disturb. */
export interface PageOptions {
  /** A free one is taken if none is given. */
  readonly port?: number
  /** Rekey's SQLite file, for the Ledger tab. */
  readonly databaseFile?: string
  /** Rekey's process, to be killed at will. Without it there is no button for that. */
  readonly rekey?: Killable
}

/** The page, served. */
export interface Page {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves the page on loopback, to whoever is at this machine and as whomever they choose: everybody of the
 * workspace but apps and those who have left. Rejects when the port is taken. Closing ends the page and
 * leaves the world alone.
 */
export async function startPage(world: ShownWorld, options: PageOptions = {}): Promise<Page> {
  const { slack, cognito } = world
  const { workspace } = slack
  const { rekey, databaseFile } = options
  const ledgerReader = databaseFile === undefined ? undefined : new LedgerReader(databaseFile)
  const pulse = () =>
    [
      cognito?.calls.length,
      cognito?.mailbox.messages.length,
      rekey?.pid,
      ledgerReader?.version(),
    ].join()
  const viewers = new Viewers(pulse)
  const changed = () => viewers.changed()
  const marks = new ReadMarks(changed)
  const faultButtons = new FaultButtons(
    { slack, cognito, rekey, advanceClock: world.advanceClock },
    changed,
  )
  const application = world.application && new ApplicationSessions(world.application)
  const unsubscribe = workspace.subscribe(changed)

  const shown = { workspace, cognito, ledgerReader, marks, faultButtons }
  const server = createPageServer({
    knows: isThere,
    stream: (id, response) =>
      viewers.add(response, () => JSON.stringify(renderSnapshot(shown, id))),
    perform: (id, command) => perform({ workspace, marks, faultButtons, application }, id, command),
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port')

  return {
    url: `http://127.0.0.1:${address.port}/`,
    async close() {
      unsubscribe()
      viewers.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      ledgerReader?.close()
    },
  }

  function isThere(id: string): boolean {
    const member = workspace.directory.member(id)
    return member !== undefined && !member.isBot && !member.deleted
  }
}
