/**
 * Rekey's core, twice over one database, in a world made for races: any number of people may ask,
 * any account can be recovered, and every round has an account and a clock of its own.
 */

import { randomUUID } from 'node:crypto'
import type { ChainedEntry } from '../../src/audit/entry.ts'
import type { EntryType } from '../../src/audit/entry-data.ts'
import { Check } from '../../src/audit/verify.ts'
import { type PersonId, personId, type RequestId, type Sub, subOf } from '../../src/ids.ts'
import type { Policy } from '../../src/policy/policy.ts'
import type { Account } from '../../src/recovery/model/account.ts'
import type { RecoveryRequest } from '../../src/recovery/model/request.ts'
import type { Accounts } from '../../src/recovery/ports/accounts.ts'
import type { Directory, Person } from '../../src/recovery/ports/directory.ts'
import type { Application } from '../../src/recovery/rules/open.ts'
import {
  createServices,
  type Services,
  type Workers,
} from '../../src/recovery/services/services.ts'
import { PasswordSealer } from '../../src/sealing/password-sealer.ts'
import { Secret } from '../../src/secret.ts'
import type { OpenStore } from '../../src/store/open.ts'
import { account, application, later, minute, policyFrom } from '../support/examples.ts'

const wide = '10000 per 1h'

const policy = policyWith('')

/** The policy of these worlds, with some more lines. */
export function policyWith(more: string): Policy {
  return policyFrom(`
version: 1
channels: { approvals: C0APPROVE, audit: C0AUDIT }
pools:
  customers: { userPoolId: us-west-2_aaaaaaaaa }
requesters: [S0SUPPORT]
security: [S0SECURITY]
tiers:
  - { name: two, when: { groups: [two] }, approvers: [S0LEADS], approvals: 2, methods: [reset, temporary-password] }
  - { name: one, approvers: [S0LEADS], approvals: 1, methods: [reset, temporary-password] }
identityChecks:
  - { id: callback, label: Called back, evidence: { reference: Call record, pattern: 'CALL-\\d+', example: CALL-12 } }
minimumReadingTime: 0s
newMembersWait: 0s
reminders: { times: 0 }
limits:
  lookUpsPerRequester: ${wide}
  requestsPerRequester: ${wide}
  requestsPerAccount: ${wide}
  requestsOverall: ${wide}
  approvalsPerApprover: ${wide}
  executionsOverall: ${wide}
${more}
`)
}

export const ada = personId('U0ADA')
export const grace = personId('U0GRACE')
/** Grace again, under another of her accounts. */
export const graceToo = personId('U0GRACETOO')
export const mary = personId('U0MARY')

const leads: readonly PersonId[] = [grace, graceToo, mary]

/** One of a hundred others who may ask. */
export function asker(number: number): PersonId {
  return personId(`U0ASKER${number}`)
}

/** How a replica's calls reach what it calls: as they are, or put in some order. */
export type Through = <Port extends object>(port: Port, name: string) => Port

export type Replica = Services & Workers

export class RaceWorld {
  readonly #stores: readonly OpenStore[]
  readonly #sealer = new PasswordSealer(new Secret(Buffer.alloc(32, 7).toString('base64')))
  readonly #check = new Check([])
  readonly #versions = new Map<string, number>()
  #read = 0
  #rounds = 0

  /** @param stores over the same database, one for each replica; on SQLite there is one for all */
  constructor(stores: readonly OpenStore[]) {
    this.#stores = stores
  }

  round(approvals: 1 | 2 = 1): Round {
    this.#rounds += 1
    // Far enough apart that no limit counts more than a few rounds.
    return new Round(this, later(this.#rounds * 40 * minute), approvals)
  }

  store(turn: number): OpenStore {
    const store = this.#stores[turn % this.#stores.length]
    if (store === undefined) throw new Error('a world needs a store')
    return store
  }

  /** Whoever it is that takes their turn. @param inForce the policy that this replica has read */
  replica(turn: number, round: Round, through: Through, inForce = policy): Replica {
    const { store, ledger, rateLimiter } = this.store(turn)
    return createServices({
      store: through(store, 'store'),
      ledger,
      rateLimiter: through(rateLimiter, 'rateLimiter'),
      accounts: through(round.accounts, 'accounts'),
      directory: through(round.directory, 'directory'),
      sealer: this.#sealer,
      policy: () => inForce,
      now: round.now,
      auditBacklog: async () => ({ waiting: 0 }),
      monotonicMs: () => 0,
    })
  }

  /**
   * Reads on in the ledger. The chain has to be whole, and every version of a request has to have
   * an entry of its own.
   *
   * @returns every sentence about what is not as it must be
   */
  async faults(): Promise<readonly string[]> {
    const faults: string[] = []
    for await (const chained of this.store(0).ledger.entries(this.#read + 1))
      faults.push(...this.#follow(chained))
    return faults
  }

  /** How many versions of a request the ledger knows. */
  versions(id: RequestId): number {
    return this.#versions.get(id) ?? 0
  }

  async close(): Promise<void> {
    for (const store of this.#stores) await store.close()
  }

  #follow(chained: ChainedEntry): string[] {
    const { entry } = chained
    this.#read = entry.seq
    const broken = this.#check.next(chained)
    const faults = broken?.kind === 'broken' ? [`entry ${broken.seq}: ${broken.because}`] : []
    if (entry.request === null || entry.version === null || still.has(entry.type)) return faults
    const expected = this.versions(entry.request as RequestId) + 1
    this.#versions.set(entry.request, entry.version)
    return entry.version === expected
      ? faults
      : [...faults, `${entry.request} has version ${entry.version} where ${expected} was to come`]
  }
}

// These say what somebody tried or read, and move nothing.
const still: ReadonlySet<EntryType> = new Set(['decision.refused', 'approval.opened'])

/** What one race is about. */
export class Round {
  readonly world: RaceWorld
  readonly sub: Sub = subOf(randomUUID())
  /** Those who have lost the right to decide. */
  readonly dismissed = new Set<PersonId>()
  /** The calls that reached Cognito and changed something. */
  readonly done: string[] = []
  /** What happens between a call and its answer. */
  meanwhile: () => Promise<unknown> = async () => undefined
  readonly #approvals: 1 | 2
  #time: number
  #clicks = 0

  constructor(world: RaceWorld, start: Date, approvals: 1 | 2) {
    this.world = world
    this.#time = start.getTime()
    this.#approvals = approvals
  }

  /** A second later at every look, so that no two things happen at the same time. */
  readonly now = () => {
    this.#time += 1_000
    return new Date(this.#time)
  }

  turnTo(time: Date): void {
    this.#time = time.getTime()
  }

  idempotencyKey(): string {
    this.#clicks += 1
    return `${this.sub} ${this.#clicks}`
  }

  get application(): Application {
    return { ...application, sub: this.sub }
  }

  /** A replica whose calls nobody holds up. */
  get calm(): Replica {
    return this.world.replica(0, this, (port) => port)
  }

  /** Opens the request that the race is about. */
  async open(method: Application['method'] = 'reset'): Promise<RequestId> {
    const opened = await this.calm.requests.open({
      application: { ...this.application, method },
      by: ada,
      idempotencyKey: this.idempotencyKey(),
    })
    if (opened.kind !== 'moved') throw new Error(`not opened: ${JSON.stringify(opened)}`)
    return opened.change.request.id
  }

  async openAndApprove(method?: Application['method']): Promise<RequestId> {
    const id = await this.open(method)
    const idempotencyKey = this.idempotencyKey()
    await this.calm.decisions.approve({ request: id, by: grace, seenVersion: 1, idempotencyKey })
    return id
  }

  async request(id: RequestId): Promise<RecoveryRequest> {
    const request = await this.world.store(0).store.find(id)
    if (request === undefined) throw new Error(`there is no request ${id}`)
    return request
  }

  readonly accounts: Accounts = {
    search: async () => ({ kind: 'found', matches: [], more: false, unsearchedPools: [] }),
    inspect: async () => ({ kind: 'account', account: this.account }),
    newPassword: async () => new Secret(randomUUID()),
    perform: async (kind, _account, effect) => {
      this.done.push(`${kind} ${effect}`)
      await this.meanwhile()
      return { kind: 'done', awsRequestId: randomUUID() }
    },
  }

  readonly directory: Directory = {
    person: async (id) => this.#person(id),
    findByEmail: async () => undefined,
    groups: async () => ({ at: new Date(0), members: new Map() }),
    members: async () => leads.map((id) => this.#person(id)),
  }

  #person(id: PersonId): Person {
    const decides = leads.includes(id) && !this.dismissed.has(id)
    const asks = id === ada || id.startsWith('U0ASKER')
    return {
      id,
      groups: decides ? ['S0LEADS'] : asks ? ['S0SUPPORT'] : [],
      subjects: id === grace || id === graceToo ? [id, 'grace@acme.example'] : [id],
      member: true,
    }
  }

  /** The account as it stands. */
  get account(): Account {
    const plain = account({ groups: this.#approvals === 2 ? ['two'] : [] })
    const changed = this.done.length > 0
    return {
      ...plain,
      ref: { ...plain.ref, sub: this.sub, username: this.sub },
      status: changed ? 'RESET_REQUIRED' : plain.status,
      modifiedAt: changed ? later(minute, plain.modifiedAt) : plain.modifiedAt,
    }
  }
}
