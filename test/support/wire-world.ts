/** Rekey's core over a real store and a Cognito on the real wire, without Slack, in time that a test turns. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CognitoSandbox } from '../../sandbox/cognito/server.ts'
import type { UserStatus } from '../../sandbox/cognito/user.ts'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import { webClient } from '../../sandbox/world/user-pool-seed.ts'
import type { EntryBody } from '../../src/audit/entry.ts'
import { type PersonId, type RequestId, type Sub, subOf } from '../../src/ids.ts'
import { guarded, recoveryJobs } from '../../src/job-handlers.ts'
import type { Method } from '../../src/policy/method.ts'
import type { Job, Progress } from '../../src/recovery/model/job.ts'
import type { RecoveryRequest } from '../../src/recovery/model/request.ts'
import { createServices, type Services } from '../../src/recovery/services/services.ts'
import { PasswordSealer } from '../../src/sealing/password-sealer.ts'
import { Secret } from '../../src/secret.ts'
import { openStore } from '../../src/store/open.ts'
import { openWire } from './cognito/wire.ts'
import { rowSealer } from './row-sealer.ts'
import { idOf, People, policy } from './small-world/people.ts'

const pools = policy.pools.map((pool) => ({ ...pool, client: { id: webClient.id } }))

export interface WireWorld {
  readonly cognito: CognitoSandbox
  /** The database's. */
  readonly file: string
  /** Somebody new among the customers. */
  newcomer(status?: UserStatus): { readonly sub: Sub; readonly email: string }
  /** A request that Grace has approved. */
  approved(sub: Sub, method: Method): Promise<RequestId>
  /** Grace has it sent again. */
  sendAgain(id: RequestId): Promise<void>
  /** What somebody is shown, or why not. */
  reveal(id: RequestId, by: PersonId): ReturnType<Services['outcomes']['reveal']>
  find(id: RequestId): Promise<RecoveryRequest>
  entries(id: RequestId): Promise<readonly EntryBody[]>
  /** Does the jobs of this request that are due, and those that follow at once. Those of others are dropped. */
  work(id: RequestId): Promise<void>
  pass(milliseconds: number): void
  /** Only by the clock that nobody can set: otherwise it stands still. */
  passMonotonic(milliseconds: number): void
  end(): Promise<void>
}

export async function beginWireWorld(): Promise<WireWorld> {
  let passedMs = 0
  let monotonicMs = 0
  const now = () => new Date(Date.now() + passedMs)
  const secret = new Secret(Buffer.alloc(32, 7).toString('base64'))
  const wire = await openWire({ now, pools, addressKey: secret })
  const folder = mkdtempSync(join(tmpdir(), 'rekey-wire-'))
  const file = join(folder, 'rekey.db')
  const opened = await openStore(`sqlite:${file}`, { sealer: rowSealer })
  const services = createServices({
    store: opened.store,
    ledger: opened.ledger,
    rateLimiter: opened.rateLimiter,
    accounts: wire.accounts,
    directory: new People(),
    sealer: new PasswordSealer(secret),
    policy: () => ({ ...policy, pools }),
    now,
    auditBacklog: async () => ({ waiting: 0 }),
    monotonicMs: () => monotonicMs,
  })
  const handlers: Readonly<Record<string, unknown>> = guarded(
    services.guard,
    recoveryJobs(services),
  )
  let newcomers = 0
  let clicks = 0
  const idempotencyKey = () => `click ${++clicks}`
  const find = async (id: RequestId) => {
    const request = await opened.store.find(id)
    if (request === undefined) throw new Error(`there is no request ${id}`)
    return request
  }
  const handle = async (job: Job): Promise<Progress> => {
    const handler = handlers[job.task.kind]
    // What is posted is other tests' business.
    return typeof handler === 'function' ? handler(job.task, job) : { kind: 'done' }
  }
  return {
    cognito: wire.cognito,
    file,
    newcomer: (status) => {
      newcomers += 1
      const email = `newcomer${newcomers}@example.com`
      const seed = userSeed(`New Comer ${newcomers}`, {
        email,
        password: 'New-comer-1',
        ...(status && { status, ageDays: 2 }),
      })
      wire.cognito.pools.get('customers').add(seed)
      return { sub: subOf(seed.sub), email }
    },
    approved: async (sub, method) => {
      const application = {
        pool: 'customers',
        sub,
        method,
        reason: 'Lost her phone, can’t sign in',
        ticket: 'HELP-1234',
        identityCheck: 'callback',
        evidence: 'CALL-12',
      }
      const asked = await services.requests.open({
        application,
        by: idOf('ada'),
        idempotencyKey: idempotencyKey(),
      })
      if (asked.kind !== 'moved') throw new Error(`not opened: ${JSON.stringify(asked)}`)
      const { id } = asked.change.request
      await services.decisions.approve({
        request: id,
        by: idOf('grace'),
        seenVersion: 1,
        idempotencyKey: idempotencyKey(),
      })
      return id
    },
    sendAgain: async (id) => {
      const { version } = await find(id)
      await services.outcomes.sendAgain({
        request: id,
        by: idOf('grace'),
        seenVersion: version,
        idempotencyKey: idempotencyKey(),
      })
    },
    reveal: async (id, by) => {
      const { version } = await find(id)
      const wish = { request: id, by, seenVersion: version, idempotencyKey: idempotencyKey() }
      return services.outcomes.reveal({ ...wish, view: 'V1' })
    },
    find,
    entries: async (id) =>
      (await Array.fromAsync(opened.ledger.entries()))
        .map(({ entry }) => entry)
        .filter(({ request }) => request === id),
    work: async (id) => {
      for (;;) {
        const jobs = await opened.jobs.claim(now(), 45_000, 50)
        if (jobs.length === 0) return
        for (const job of jobs) {
          const progress = isAbout(job, id) ? await handle(job) : ({ kind: 'done' } as const)
          if (progress.kind === 'done') await opened.jobs.finish(job, now())
          else if (progress.kind === 'again')
            await opened.jobs.putBack(job, progress.at, progress.because)
          else await opened.jobs.park(job, now(), progress.because)
        }
      }
    },
    pass: (milliseconds) => {
      passedMs += milliseconds
    },
    passMonotonic: (milliseconds) => {
      monotonicMs += milliseconds
    },
    end: async () => {
      await opened.close()
      await wire.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function isAbout({ task }: Job, id: RequestId): boolean {
  return 'request' in task && task.request === id
}
