import type { Logger } from 'pino'
import { checkpointKey } from './audit/checkpoint.ts'
import { CheckpointSigner } from './audit/checkpoint-signer.ts'
import { Access } from './cognito/access.ts'
import { CognitoAccounts } from './cognito/accounts.ts'
import { Outbox } from './outbox/outbox.ts'
import { groupsNamed } from './policy/who.ts'
import { FaultyPolicy, policyCheck } from './policy-check.ts'
import { isBehind } from './recovery/model/backlog.ts'
import { hourlyCheckpointLane } from './recovery/model/lanes.ts'
import { Desk } from './recovery/services/context.ts'
import { Executor } from './recovery/services/executor.ts'
import { PasswordSealer } from './sealing/password-sealer.ts'
import type { Settings } from './settings.ts'
import { webClient } from './slack/api/client.ts'
import { identify } from './slack/api/identity.ts'
import { slackLogger } from './slack/api/logger.ts'
import { connect } from './slack/app.ts'
import { ChannelReconciler, monthWindow, recentWindow } from './slack/auditor/channel-reconciler.ts'
import { RestoredWatch } from './slack/auditor/restore-check.ts'
import { deliveries } from './slack/delivery.ts'
import { SlackDirectory } from './slack/directory/directory.ts'
import { ChannelWatch } from './slack/directory/shared-channels.ts'
import { Poster } from './slack/outbound/poster.ts'
import { DatabaseClock } from './store/clock.ts'
import { openStore } from './store/open.ts'
import { serveHealth } from './web/health.ts'
import { recoveryPage } from './web/recovery-page/serve.ts'

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
  /** How long a post to Slack, or a call that changes something in Cognito, may take. */
  readonly timeouts?: { readonly slackMs?: number; readonly cognitoMs?: number }
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

// A post may take its time; a click may not.
export const deliveryTimeoutMs = 10_000

export const lookUpTimeoutMs = 2_000

/** Rekey, whole and running. */
export async function startRekey(settings: Settings, options: RekeyOptions): Promise<Rekey> {
  const { config, clientSecrets } = settings
  let { policy } = settings
  const { log, monotonicMs = () => performance.now() } = options
  const { slackMs = deliveryTimeoutMs, cognitoMs: writeTimeoutMs } = options.timeouts ?? {}
  // Closed from the last to the first: when Rekey stops, or where a later step of the start fails.
  await using open = new AsyncDisposableStack()
  const clock = new DatabaseClock({ log })
  open.defer(() => clock.stop())
  const { now = clock.now } = options
  const logger = slackLogger(log)

  const home = await identify(config.slack, log)
  const access = new Access(now, (call) => {
    log.error(call, 'AWS does not let Rekey in: look at its credentials and its rights')
  })
  const accounts = new CognitoAccounts({
    pools: policy.pools,
    clientSecrets,
    now,
    access,
    ...(writeTimeoutMs === undefined ? {} : { writeTimeoutMs }),
  })
  open.defer(() => accounts.close())
  const directory = new SlackDirectory({
    client: webClient(config.slack, lookUpTimeoutMs, logger),
    teamId: home.teamId,
    groups: () => groupsNamed(policy),
    samePerson: () => policy.samePerson,
    now,
  })
  const client = webClient(config.slack, slackMs, logger)
  const unverified = (what: string) => log.warn({ what }, 'a name in the policy was not verified')
  const check = policyCheck({ client, accounts, teamId: home.teamId, now, unverified })
  const faults = await check(settings)
  if (faults.length > 0) throw new FaultyPolicy(faults)

  let refusalsCounted = 0
  const opened = await openStore(config.databaseUrl.reveal(), {
    onlyCounted: ({ type, actor }) => {
      refusalsCounted += 1
      log.warn({ type, actor }, 'refused so often that the ledger has no more of it in this hour')
    },
    unreadable: (job, fault) =>
      log.error({ job, fault }, 'a job cannot be read, and was set aside'),
    outgrown: () => {
      log.fatal('a newer Rekey has changed the database: this one stops, and must not run any more')
      options.onOutgrown?.()
    },
  })
  open.defer(() => opened.close())
  const { store, ledger, jobs, posts, limits, checkpoints } = opened
  if (options.now === undefined) await clock.follow(opened.clock)
  const restored = new RestoredWatch({
    client,
    store,
    ledger,
    posts,
    policy: () => policy,
    now,
    log,
  })
  // As long as nobody knows what the channel has seen, it counts as behind.
  const auditBacklog = async () =>
    (await restored.hasLooked()) ? jobs.auditBacklog() : { waiting: Infinity }
  const sealer = new PasswordSealer(config.secretKey, config.formerSecretKeys)
  const core = { store, limits, accounts, directory, sealer, policy: () => policy, now }
  const desk = new Desk(core)
  const executor = new Executor({ ...core, auditBacklog, monotonicMs })
  const channels = new ChannelWatch({
    client: webClient(config.slack, lookUpTimeoutMs, logger),
    now,
    ours: () => Object.values(policy.channels),
    onShared: async (channel) => {
      log.error({ channel }, 'a channel is shared outside: nothing is said there')
      await desk.noteShared(channel)
    },
  })
  const key = checkpointKey(config.secretKey)
  const checkpointSigner = new CheckpointSigner({ key, ledger, checkpoints, now })
  const reconcilerDeps = { client, store, ledger, posts, policy: () => policy, now, log }
  const reconcile = new ChannelReconciler(reconcilerDeps, recentWindow)
  const monthReconciler = new ChannelReconciler(reconcilerDeps, monthWindow)
  const poster = new Poster({ client, posts, channels, now, log })
  const outbox = new Outbox({
    jobs,
    now,
    log,
    ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
    handlers: {
      execute: ({ request }) => executor.execute(request),
      expire: ({ request }) => executor.expire(request),
      'revoke-sessions': ({ request }) => executor.revokeSessions(request),
      remind: ({ request, round }) => executor.remind(request, round),
      'see-who-is-left': ({ request }) => executor.seeWhoIsLeft(request),
      escalate: ({ request }) => executor.escalate(request),
      'burn-password': ({ request }) => executor.burnPassword(request),
      'follow-up': ({ request }) => executor.followUp(request),
      'sign-checkpoint': (_, { lane }) => checkpointSigner.sign(lane === hourlyCheckpointLane),
      'reconcile-audit': () => reconcile.reconcile(),
      'reconcile-month': () => monthReconciler.reconcile(),
      ...deliveries({
        store,
        ledger,
        posts,
        checkpoints,
        poster,
        client,
        policy: () => policy,
        now,
      }),
    },
  })
  const connection = await connect({
    access: config.slack,
    home,
    desk,
    directory,
    posts,
    channels,
    log,
  })

  let hasBegun = false
  const health = await serveHealth({
    port: config.port,
    storeReady: opened.ready,
    sharedChannels: () => channels.sharedOnes(),
    turnedAway: () => access.turnedAway,
    auditBacklog: async () => {
      const backlog = await jobs.auditBacklog()
      return { waiting: backlog.waiting, isBehind: isBehind(backlog, now()) }
    },
    parkedJobs: () => jobs.parked(),
    refusalsCounted: () => refusalsCounted,
    policyInForce: async () => !hasBegun || (await store.findPolicyInForce())?.hash === policy.hash,
    slackConnected: connection.isConnected,
    ...(config.recoveryPage === undefined
      ? {}
      : {
          recoveryPage: recoveryPage({
            page: config.recoveryPage,
            owners: accounts.ownerRecovery(),
            limits,
            secretKey: config.secretKey,
            log,
            now,
          }),
        }),
  })
  open.defer(() => health.close())

  // From here on others, with another policy, decide nothing any more: what may keep this one from
  // starting comes before, but for the sockets, since they bring clicks.
  await desk.begin(key.verifier)
  hasBegun = true
  await restored.hasLooked()
  await connection.start()
  outbox.start()
  log.info({ port: health.port, policy: policy.hash }, 'Rekey is running')

  const running = open.move()
  return {
    port: health.port,
    reload: async (next) => {
      const found = await check(next)
      if (found.length > 0) {
        await desk.noteRefusedPolicy(found)
        throw new FaultyPolicy(found)
      }
      await desk.adopt(next.policy)
      policy = next.policy
      accounts.serve(policy.pools, next.clientSecrets)
      log.info({ policy: policy.hash }, 'a policy was put in force')
    },
    refuse: (faults) => desk.noteRefusedPolicy(faults),
    stop: async () => {
      await Promise.all([connection.stop(), outbox.stop()])
      await running.disposeAsync()
    },
  }
}
