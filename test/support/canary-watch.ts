// biome-ignore-all lint/style/noExcessiveLinesPerFile: every place where a secret could be found

/**
 * Knows every secret of a pretend world, and looks for them in everything that Rekey leaves behind or
 * says. The one place for a password is the window that shows it to whoever asked for it, once.
 */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { type Fields, fieldsOf, rowsOf, stringOf } from '../../sandbox/slack/json.ts'
import type { World } from '../../sandbox/world/world.ts'
import { audit } from '../../src/cli/audit.ts'
import { type Canary, findCanaries, type Sink, sentence } from './canary.ts'

/** One run of Rekey in a world of its own, and where it leaves things. */
export interface Journey extends Pick<World, 'slack' | 'cognito'> {
  readonly environment: Readonly<Record<string, string>>
  readonly database: string
  /** Everything in it is searched. */
  readonly folder: string
  /** What Rekey has logged, where that is not in the folder. */
  readonly logged?: string
}

export class SecretWatch {
  readonly #passwords = new Set<string>()
  readonly #others: Canary[] = []
  readonly #seenRunning: Sink[] = []

  /** For the world: it hears every password that reaches Cognito, Rekey's and the owners' own. */
  readonly onPassword = (password: string): void => {
    // Shorter ones are refused by every pool, and are words of everyday.
    if (password.length >= 8) this.#passwords.add(password)
  }

  /** For what was a secret and never reached Cognito. */
  beware(secret: string | Buffer): void {
    this.#others.push({ kind: 'a secret that was in hand', secret })
  }

  /** Takes in what is only there while Rekey runs. @param port where it serves its figures */
  async look({ folder }: Pick<Journey, 'folder'>, port: number | undefined): Promise<void> {
    this.#seenRunning.push(...filesIn(folder, ' while Rekey runs'))
    if (port === undefined) return
    for (const path of ['/metrics', '/readyz', '/livez']) {
      const body = await fetch(`http://127.0.0.1:${port}${path}`, {
        signal: AbortSignal.timeout(2_000),
      }).then(
        (response) => response.text(),
        () => '',
      )
      this.#seenRunning.push(sink(path, body))
    }
  }

  /** Looks everywhere, once Rekey has been stopped. @throws naming what was found where, without showing it */
  async search(journey: Journey): Promise<void> {
    const rows = await rowsOfDatabase(journey.database)
    const showings = showingsIn(journey.slack.transcript.calls, this.#passwords)
    const everywhere = [
      ...this.#seenRunning,
      ...filesIn(journey.folder),
      ...(await postgresFiles(journey.database)),
      ...(await exports(journey)),
      sink('the log', journey.logged ?? ''),
      sink('the database’s rows', JSON.stringify(rows)),
      ...slackSinks(journey, showings, this.#passwords),
    ]
    const secrets = [...this.#secrets(journey)]
    const codes = codesOf(journey)
    const faults = [
      ...findCanaries([...secrets, ...codes], everywhere).map(sentence),
      // Codes are typed in there, by the owners.
      ...findCanaries(secrets, [
        sink('Cognito’s transcript', JSON.stringify(journey.cognito.calls)),
      ]).map(sentence),
      ...findCanaries(addressesOf(journey), unaddressed(everywhere, rows, journey)).map(sentence),
      ...wrongShowings(showings, rows, journey),
      ...wrongPermanents(rows, journey),
    ]
    if (faults.length > 0) throw new Error(`a secret got out:\n- ${faults.join('\n- ')}`)
  }

  #secrets({ environment, cognito, database }: Journey): Canary[] {
    const kept = Object.entries(environment)
      .filter(([name]) => /TOKEN|SECRET/.test(name))
      .flatMap(([kind, value]) => value.split(',').map((secret) => ({ kind, secret })))
    const invited = cognito.mailbox.messages.flatMap(
      ({ temporaryPassword }) => temporaryPassword ?? [],
    )
    return [
      ...this.#others,
      ...passwordIn(database),
      ...[...this.#passwords].map((secret) => ({ kind: 'a password', secret })),
      ...invited.map((secret) => ({ kind: 'an invitation’s password', secret })),
      ...kept,
      ...kept
        .filter(({ kind }) => kind.startsWith('REKEY_SECRET_KEY'))
        .map(({ kind, secret }) => ({
          kind: `the bytes of ${kind}`,
          secret: Buffer.from(secret, 'base64'),
        })),
    ]
  }
}

function passwordIn(database: string): Canary[] {
  const secret = database.startsWith('sqlite:') ? '' : new URL(database).password
  return secret === '' ? [] : [{ kind: 'the database’s password', secret }]
}

function codesOf({ cognito }: Journey): Canary[] {
  return cognito.mailbox.messages
    .flatMap(({ code }) => code ?? [])
    .map((secret) => ({ kind: 'a code', secret }))
}

function addressesOf({ cognito }: Journey): Canary[] {
  return cognito.pools
    .all()
    .flatMap((pool) => pool.users())
    .flatMap(({ attributes }) => attributes['email'] ?? [])
    .map((secret) => ({ kind: 'an owner’s address', secret }))
}

/** Where an owner's address is promised not to be: in the ledger, and in what Rekey posts. */
function unaddressed(everywhere: readonly Sink[], rows: Rows, { slack }: Journey): Sink[] {
  const ledger = rows.filter(({ table }) => table === 'ledger')
  const posted = slack.transcript.calls.filter(({ method }) => method.startsWith('chat.'))
  return [
    sink('the ledger', JSON.stringify(ledger)),
    sink('posts', JSON.stringify(posted.map(({ args }) => args))),
    ...everywhere.filter(({ name }) => /^(an export|\/)/.test(name)),
  ]
}

const sink = (name: string, text: string): Sink => ({ name, bytes: Buffer.from(text) })

/** Log, database and journal are among them. */
function filesIn(folder: string, when = ''): Sink[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const bytes = bytesOf(join(folder, name))
    return bytes === undefined ? [] : [{ name: `the file ${name}${when}`, bytes }]
  })
}

/** @returns undefined for a folder, and for a file that has just gone */
function bytesOf(path: string): Buffer | undefined {
  try {
    return statSync(path).isFile() ? readFileSync(path) : undefined
  } catch {
    return undefined
  }
}

async function exports({ database, environment }: Journey): Promise<Sink[]> {
  const sinks: Sink[] = []
  for (const format of ['jsonl', 'csv']) {
    const lines: string[] = []
    const args = ['export', '--format', format, '--database', database]
    const status = await audit(args, environment, (line) => lines.push(line)).catch(() => 2)
    if (status === 0) sinks.push(sink(`an export as ${format}`, lines.join('\n')))
  }
  return sinks
}

type Rows = readonly { readonly table: string; readonly row: Readonly<Record<string, unknown>> }[]

async function rowsOfDatabase(url: string): Promise<Rows> {
  return url.startsWith('sqlite:') ? sqliteRows(url.slice('sqlite:'.length)) : postgresRows(url)
}

function sqliteRows(path: string): Rows {
  if (!existsSync(path)) return []
  const database = new DatabaseSync(path, { timeout: 5_000, readOnly: true })
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all()
    return tables.flatMap(({ name }) =>
      database
        .prepare(`select * from "${String(name)}"`)
        .all()
        .map((row) => ({ table: String(name), row })),
    )
  } finally {
    database.close()
  }
}

function postgresRows(url: string): Promise<Rows> {
  return withPostgres(url, async (client) => {
    const tables = await client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    )
    const rows: { table: string; row: Record<string, unknown> }[] = []
    for (const { name } of tables.rows) {
      const { rows: found } = await client.query<{ row: Record<string, unknown> }>(
        `select to_jsonb(each) as row from "${name}" as each`,
      )
      rows.push(...found.map(({ row }) => ({ table: name, row })))
    }
    return rows
  })
}

/** The heap and the write-ahead log as they are on the disk, with what was deleted and not yet written over. */
async function postgresFiles(url: string): Promise<Sink[]> {
  if (url.startsWith('sqlite:')) return []
  const [data, heap] = await withPostgres(url, async (client) => {
    await client.query('checkpoint')
    const { rows } = await client.query<{ data: string; oid: string }>(
      "select current_setting('data_directory') as data, oid::text from pg_database where datname = current_database()",
    )
    return [rows[0]?.data ?? '', rows[0]?.oid ?? '']
  })
  const whole = (name: string, folder: string): Sink => ({
    name,
    bytes: Buffer.concat(filesIn(join(data, folder)).map(({ bytes }) => bytes)),
  })
  return [whole('PostgreSQL’s heap', `base/${heap}`), whole('PostgreSQL’s log', 'pg_wal')]
}

async function withPostgres<Result>(
  url: string,
  ask: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await ask(client)
  } finally {
    await client.end()
  }
}

type Calls = World['slack']['transcript']['calls']

/** A password on a screen. */
interface Showing {
  readonly password: string
  readonly view: string
  /** The window's text names it. */
  readonly request: string
}

/** What Slack has taken and drawn: a window whose preformatted block is a password and nothing else. */
function showingsIn(calls: Calls, passwords: ReadonlySet<string>): Showing[] {
  return calls.flatMap(({ method, args, answer }) => {
    if (method !== 'views.update' || answer?.['ok'] !== true) return []
    const view = fieldsOf(args['view'])
    const [request = ''] = /REQ-\w{10}/.exec(JSON.stringify(view)) ?? []
    return rowsOf(view['blocks'])
      .map(preformatted)
      .filter((text) => passwords.has(text))
      .map((password) => ({ password, view: stringOf(args['view_id']), request }))
  })
}

function slackSinks(
  { slack }: Journey,
  showings: readonly Showing[],
  passwords: ReadonlySet<string>,
): Sink[] {
  const { transcript, workspace } = slack
  const hidden = (view: Fields): Fields => ({
    ...view,
    blocks: rowsOf(view['blocks']).map((block) =>
      passwords.has(preformatted(block)) ? { type: 'shown' } : block,
    ),
  })
  const calls = transcript.calls.map((call) => {
    if (call.method !== 'views.update') return call
    const { args, answer = {} } = call
    return {
      ...call,
      args: { ...args, view: hidden(fieldsOf(args['view'])) },
      answer: { ...answer, view: hidden(fieldsOf(answer['view'])) },
    }
  })
  const windows = workspace.views.all.map((view) =>
    showings.some((showing) => showing.view === view.id)
      ? { ...view, definition: hidden(view.definition) }
      : view,
  )
  return [
    sink('calls to Slack', JSON.stringify(calls)),
    sink('deliveries and their answers', JSON.stringify(transcript.deliveries)),
    sink('messages', JSON.stringify(workspace.messages.all)),
    sink('windows', JSON.stringify(windows)),
  ]
}

/** The text of a block that has one preformatted part and nothing else. */
function preformatted(block: Fields): string {
  const [part, ...others] = rowsOf(block['elements'])
  if (others.length > 0 || part?.['type'] !== 'rich_text_preformatted') return ''
  return rowsOf(part['elements'])
    .map(({ text }) => stringOf(text))
    .join('')
}

function wrongShowings(showings: readonly Showing[], rows: Rows, { slack }: Journey): string[] {
  const passwords = showings.map(({ password }) => password)
  return showings.flatMap(({ view, request, password }, at) => {
    const owner = openerOf(view, slack.transcript)
    const requester = rows.find(({ table, row }) => table === 'requests' && row['id'] === request)
    const asked = requester?.row['requested_by']
    return [
      ...(passwords.indexOf(password) < at ? [`the password of ${request} was shown again`] : []),
      ...(owner !== asked
        ? [`the password of ${request} was shown to ${owner}, and ${asked} had asked for it`]
        : []),
    ]
  })
}

/** A password that stays: only for a request that was for one, and that two people approved. */
function wrongPermanents(rows: Rows, { cognito }: Journey): string[] {
  return cognito.calls.flatMap(({ operation, input, userAgent }) => {
    if (operation !== 'AdminSetUserPassword' || input['Permanent'] !== true) return []
    const id = /rekey-effect\/(EFF-\w+)/.exec(userAgent)?.[1]
    const effect = rows.find(({ table, row }) => table === 'effects' && row['id'] === id)?.row
    const approvals = rows.filter(
      ({ table, row }) => table === 'approvals' && row['request_id'] === effect?.['request_id'],
    )
    const isInOrder = effect?.['kind'] === 'permanent-password' && approvals.length >= 2
    return isInOrder ? [] : [`a permanent password was set by ${id}`]
  })
}

/** Whose click opened a window. */
function openerOf(view: string, { calls, deliveries }: World['slack']['transcript']): string {
  const opened = calls.find(({ answer }) => fieldsOf(answer?.['view'])['id'] === view)
  const trigger = opened?.args['trigger_id']
  const click = deliveries.find(({ envelope }) => envelope.payload['trigger_id'] === trigger)
  return stringOf(fieldsOf(click?.envelope.payload['user'])['id'])
}
