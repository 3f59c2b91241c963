/** Builds Rekey from its settings: opens each room, introduces them to each other, and stops them in order. */

import type { Logger } from 'pino'
import { checkpointKey } from './audit/checkpoint.ts'
import type { Config } from './config.ts'
import { type Database, openDatabase } from './database.ts'
import { jobHandlers } from './job-handlers.ts'
import { Minutely, RoutineWatch } from './outbox/minutely.ts'
import { Outbox } from './outbox/outbox.ts'
import { servedBy, setupOf } from './page-process/setup.ts'
import { type PageProcess, startPageProcess } from './page-process/supervisor.ts'
import type { Policy } from './policy/policy.ts'
import { FaultyPolicy } from './policy-check.ts'
import { type Backlog, isBehind, worseOf } from './recovery/model/backlog.ts'
import { createServices, type Services, type Workers } from './recovery/services/services.ts'
import { PasswordSealer } from './sealing/password-sealer.ts'
import type { Settings } from './settings.ts'
import { webClient } from './slack/api/client.ts'
import { slackLogger } from './slack/api/logger.ts'
import { type Connection, connect } from './slack/app.ts'
import { ChannelReconciler, monthWindow, recentWindow } from './slack/auditor/channel-reconciler.ts'
import { RestoredWatch } from './slack/auditor/restore-check.ts'
import { UnsaidWatch } from './slack/auditor/unsaid-watch.ts'
import { ChannelWatch } from './slack/directory/shared-channels.ts'
import { Poster } from './slack/outbound/poster.ts'
import { DatabaseClock } from './store/clock.ts'
import { serveHealth } from './web/health.ts'
import type { WebServer } from './web/server.ts'
import { createSigning, type Signing } from './witness/signing.ts'
import { lookUpTimeoutMs, meetWorld, type Timeouts, type World } from './world.ts'

export interface RekeyOptions {
  readonly log: Logger
  /** In place of the database's clock. */
  readonly now?: () => Date
  /** Milliseconds on a clock that only goes forward. */
  readonly monotonicMs?: () => number
  /** How long an idle outbox waits before it looks for jobs again. */
  readonly pollMs?: number
  /** Called once when a newer Rekey has changed the database: this one has to stop. */
  readonly onOutgrown?: () => void
  readonly timeouts?: Timeouts
  /** How old what `/readyz` and `/metrics` say of the database may be, in milliseconds. */
  readonly rememberForMs?: number
}

export interface Rekey {
  /** Where `/readyz` and `/metrics` are served. */
  readonly port: number
  /**
   * Puts another policy in force while Rekey runs.
   * @throws FaultyPolicy, and the one before stays in force
   */
  reload(next: Settings): Promise<void>
  /** Writes down, and tells security, that a policy which could not even be read stays out of force. */
  refuse(faults: readonly string[]): Promise<void>
  /** Takes nothing new, finishes what is under way, and lets go of everything. */
  stop(): Promise<void>
}

/**
 * Rekey, whole and running.
 * @throws FaultyPolicy, where Slack or Cognito don't know what the policy names
 */
export async function startRekey(settings: Settings, options: RekeyOptions): Promise<Rekey> {
  // Closed from the last to the first: when Rekey stops, or where a later step of the start fails.
  await using open = new AsyncDisposableStack()
  const clock = new DatabaseClock({ log: options.log })
  open.defer(() => clock.stop())
  let { policy } = settings
  const base: Base = {
    ...options,
    config: settings.config,
    now: options.now ?? clock.now,
    policy: () => policy,
    open,
  }
  const world = await meetWorld(base, settings)
  const database = await openDatabase({ ...base, now: options.now })
  if (options.now === undefined) await clock.follow(database.clock)
  const rooms: Rooms = { ...base, world, database }
  const core = buildCore(rooms)
  const { services } = core
  const { outbox, minutely } = buildOutbox(rooms, core)
  const connection = await connectSlack(rooms, core)
  let hasBegun = false
  const policyInForce = async () =>
    !hasBegun || (await database.store.findPolicyInForce())?.hash === policy.hash
  const page = await openPage(rooms, settings)
  const health = await serveFigures({ ...rooms, page, outbox }, core, connection, policyInForce)
  open.defer(() => health.close())

  // From here on others, with another policy, decide nothing any more: what may keep this one from
  // starting comes before, but for the sockets, since they bring clicks.
  const { botId, botUserId } = world.home
  const key = checkpointKey(base.config.secretKey).verifier
  const { databaseUnencrypted } = base.config
  if (databaseUnencrypted !== undefined)
    base.log.warn(
      { because: databaseUnencrypted },
      'the database is reached without TLS that checks its certificate, as DATABASE_UNENCRYPTED says',
    )
  await services.journal.begin(key, await world.groupsOf(policy), {
    bot: botId,
    botUser: botUserId,
    ...(databaseUnencrypted !== undefined && { databaseUnencrypted }),
  })
  hasBegun = true
  await core.restored.hasLooked()
  await core.witnessing.begin()
  await connection.start()
  outbox.start()
  minutely.start()
  base.log.info({ port: health.port, policy: policy.hash }, 'Rekey is running')

  const running = open.move()
  return {
    port: health.port,
    reload: async (next) => {
      const found = await world.check(next)
      if (found.length > 0) {
        await services.journal.noteRefusedPolicy(found)
        throw new FaultyPolicy(found)
      }
      await services.journal.adopt(next.policy, await world.groupsOf(next.policy))
      policy = next.policy
      world.accounts.serve(policy.pools, next.clientSecrets)
      page?.serve(servedBy(next))
      base.log.info({ policy: policy.hash }, 'a policy was put in force')
    },
    refuse: (faults) => services.journal.noteRefusedPolicy(faults),
    stop: async () => {
      await Promise.all([connection.stop(), outbox.stop(), minutely.stop()])
      await running.disposeAsync()
    },
  }
}

/** What every step of the start builds on. */
interface Base extends RekeyOptions {
  readonly config: Config
  readonly now: () => Date
  /** The one in force at this moment: a reload puts another in its place. */
  readonly policy: () => Policy
  readonly open: AsyncDisposableStack
}

/** What is open by then: the world outside, and the database. */
interface Rooms extends Base {
  readonly world: World
  readonly database: Database
}

/** The core, and what has to be watched for it in Slack. */
interface Core extends Signing {
  readonly services: Services & Workers
  readonly channels: ChannelWatch
  readonly restored: RestoredWatch
  readonly unsaid: UnsaidWatch
  readonly auditBacklog: () => Promise<Backlog>
}

function buildCore(rooms: Rooms): Core {
  const { config, log, now, policy, timeouts, world, database } = rooms
  const { accounts, directory } = world
  const { store, ledger, rateLimiter, jobs } = database
  const restored = new RestoredWatch(postedDeps(rooms))
  const unsaid = new UnsaidWatch({ ...database, now, log })
  // The jobs' table may say what it likes: what the ledger has and nobody has posted counts as well.
  const auditBacklog = async () => worseOf(await jobs.auditBacklog(), await unsaid.backlog())
  const services = createServices({
    store,
    ledger,
    rateLimiter,
    accounts,
    directory,
    sealer: new PasswordSealer(config.secretKey, config.formerSecretKeys),
    // As long as nobody knows what the channel has seen, it counts as behind.
    auditBacklog: async () =>
      (await restored.hasLooked()) ? auditBacklog() : { waiting: Infinity },
    policy,
    now,
    monotonicMs: rooms.monotonicMs ?? (() => performance.now()),
  })
  const channels = new ChannelWatch({
    client: webClient(config.slack, timeouts?.lookUpMs ?? lookUpTimeoutMs, slackLogger(log)),
    now,
    ours: () => Object.values(policy().channels),
    onShared: async (channel, exposure) => {
      log.error({ channel, exposure }, 'a channel is open to others: nothing is said there')
      await services.journal.noteShared(channel, exposure)
    },
  })
  const { witnesses, secretKey, formerSecretKeys, proxy } = config
  const signing = createSigning({
    ...database,
    ...{ witnesses, secretKey, formerSecretKeys, policy, now, log },
    ...(proxy && { proxy }),
    ...(timeouts?.witnessMs !== undefined && { timeoutMs: timeouts.witnessMs }),
  })
  return { services, channels, restored, unsaid, auditBacklog, ...signing }
}

function buildOutbox(rooms: Rooms, core: Core) {
  const { services, channels, checkpoints, checkpointSigner, witnessing, unsaid } = core
  const { log, now, pollMs, database } = rooms
  const { jobs } = database
  const posted = postedDeps(rooms)
  const poster = new Poster({ ...posted, channels, bot: rooms.world.home.botId })
  const handlers = jobHandlers({
    workers: services,
    checkpointSigner,
    witnessing,
    reconciler: new ChannelReconciler(posted, recentWindow),
    monthReconciler: new ChannelReconciler(posted, monthWindow),
    delivery: { ...posted, checkpoints, poster },
  })
  const routines = new RoutineWatch(handlers, now)
  const polled = { now, log, ...(pollMs === undefined ? {} : { pollMs }) }
  return {
    outbox: new Outbox({ jobs, handlers: routines.watched, ...polled }),
    minutely: new Minutely({
      tasks: [() => unsaid.seeToIt(handlers['post-alert']), () => routines.doOverdue()],
      ...polled,
    }),
  }
}

/** What it takes to post, and to compare what was posted with what is stored. */
function postedDeps({ world, database, policy, now, log }: Rooms) {
  const { store, ledger, posts } = database
  return { client: world.client, store, ledger, posts, policy, now, log }
}

function connectSlack(rooms: Rooms, { services, channels }: Core): Promise<Connection> {
  const { config, log, world, database } = rooms
  const { home, directory } = world
  const { posts } = database
  return connect({ access: config.slack, home, services, directory, posts, channels, log })
}

/** Health and figures. */
function serveFigures(
  {
    config,
    rememberForMs,
    now,
    world,
    database,
    page,
    outbox,
  }: Rooms & { readonly page: PageProcess | undefined; readonly outbox: Outbox },
  { channels, witnessing, auditBacklog }: Core,
  connection: Connection,
  policyInForce: () => Promise<boolean>,
): Promise<WebServer> {
  const { jobs } = database
  const { host, port } = config
  return serveHealth({
    host,
    port,
    storeReady: database.ready,
    sharedChannels: () => channels.sharedOnes(),
    turnedAway: () => world.access.turnedAway,
    auditBacklog: async () => {
      const backlog = await auditBacklog()
      return { waiting: backlog.waiting, isBehind: isBehind(backlog, now()) }
    },
    jobsStuck: () => outbox.isStuck,
    parkedJobs: () => jobs.parked(),
    refusalsCounted: database.refusalsCounted,
    policyInForce,
    slackConnected: connection.isConnected,
    witnesses: () => witnessing.coverage(),
    now,
    ...(page && { pageServed: () => page.isUp }),
    ...(rememberForMs === undefined ? {} : { rememberForMs }),
  })
}

/** The page for owners, where it is on, in a process of its own. */
async function openPage(rooms: Rooms, settings: Settings): Promise<PageProcess | undefined> {
  const { log, now, open, world, database } = rooms
  const setup = setupOf(settings)
  if (setup === undefined) return undefined
  const { rateLimiter } = database
  const rules = (pool: string) => world.accounts.ownerRecovery().rules(pool)
  const page = await startPageProcess({ setup, rateLimiter, rules, log, now })
  open.defer(() => page.close())
  return page
}
