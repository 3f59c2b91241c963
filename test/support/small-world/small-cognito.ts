/** A Cognito of three accounts, if no others are given, that counts what it does, and fails in every way that matters. */

import { randomUUID } from 'node:crypto'
import { type EffectId, type Sub, subOf } from '../../../src/ids.ts'
import { termText } from '../../../src/lookup/terms.ts'
import type { Method } from '../../../src/policy/method.ts'
import type {
  Account,
  AccountStatus,
  MethodAvailability,
} from '../../../src/recovery/model/account.ts'
import type { Answer, EffectKind } from '../../../src/recovery/model/effect.ts'
import type { Match } from '../../../src/recovery/model/match.ts'
import type { Accounts } from '../../../src/recovery/ports/accounts.ts'
import type { Store } from '../../../src/recovery/ports/store.ts'
import { Secret } from '../../../src/secret.ts'
import { noon } from '../examples.ts'

/** What becomes of the next call. */
export type Weather = 'fine' | 'throttled' | 'refused' | 'lost-before' | 'lost-after'

export interface Owned {
  readonly sub: Sub
  readonly groups: string[]
  readonly email: string
  status: AccountStatus
  password: string
  /** In milliseconds since 1970; two changes never share one. */
  modifiedAt: number
}

/** A call that took place. */
export interface Made {
  readonly kind: EffectKind
  readonly sub: Sub
  readonly effect: EffectId
  readonly password?: string
}

const failure = { kind: 'no-answer', name: 'TimeoutError' } as const

export class SmallCognito {
  readonly accounts: readonly Owned[]
  /** Every call that changed something, in order. */
  readonly made: Made[] = []
  /** What was called although nothing of the kind had been written down before. */
  readonly unannounced: Made[] = []
  weather: Weather[] = []
  /** Something else that happens while the next call is under way. */
  meanwhile: ((call: Made) => Promise<void>) | undefined
  /** While true, nobody can look. */
  isDark = false
  now = noon.getTime()

  constructor(accounts: readonly Owned[] = threeAccounts()) {
    this.accounts = accounts
  }

  /** Somebody else changes an account: its owner signs in, or an administrator edits it. */
  change(index: number, what: 'signs-in' | 'edited'): void {
    const account = this.#at(index)
    if (what === 'signs-in') {
      account.status = 'CONFIRMED'
      account.password = randomUUID()
    }
    this.#touch(account)
  }

  /** As one process sees it. Its calls are held against what the store has written down by then. */
  accountsFor(store: Store, now: () => Date): Accounts {
    return {
      search: async (terms) => {
        const matches = terms.flatMap((term) => {
          const named = this.accounts.filter(({ email }) => email === termText(term))
          return named.map((account): Match => {
            const { contacts, ...whole } = seen(account)
            return { account: { contacts, ...whole }, terms: [term], by: ['email'], contacts }
          })
        })
        return { kind: 'found', matches, more: false, unsearchedPools: [] }
      },
      inspect: async (_pool, sub) => {
        if (this.isDark) return { kind: 'failed', failure }
        const account = this.accounts.find((each) => each.sub === sub)
        return account === undefined
          ? { kind: 'gone' }
          : { kind: 'account', account: seen(account) }
      },
      newPassword: async () => new Secret(randomUUID()),
      perform: async (kind, { sub }, effect, { password, unless } = {}) => {
        const account = this.accounts.find((each) => each.sub === sub)
        const objection = account && unless?.(seen(account))
        if (objection) return objection
        this.now = now().getTime()
        const call: Made = { kind, sub, effect, ...(password && { password: password.reveal() }) }
        if (!(await isAnnounced(store, call))) this.unannounced.push(call)
        const answer = this.#perform(call)
        const { meanwhile } = this
        this.meanwhile = undefined
        await meanwhile?.(call)
        return answer
      },
    }
  }

  #perform(call: Made): Answer {
    switch (this.weather.shift() ?? 'fine') {
      case 'throttled':
        return {
          kind: 'not-applied',
          failure: { kind: 'throttled', name: 'TooManyRequestsException' },
        }
      case 'refused':
        return { kind: 'refused', failure: { kind: 'refused', name: 'NotAuthorizedException' } }
      case 'lost-before':
        return { kind: 'unknown', failure }
      case 'lost-after':
        this.#apply(call)
        return { kind: 'unknown', failure }
      default:
        this.#apply(call)
        return { kind: 'done', awsRequestId: randomUUID() }
    }
  }

  #apply(call: Made): void {
    this.made.push(call)
    const account = this.#at(this.accounts.findIndex(({ sub }) => sub === call.sub))
    const status = statusAfter[call.kind]
    if (status !== undefined) {
      account.status = status
      account.password = call.password ?? ''
      this.#touch(account)
    }
  }

  #touch(account: Owned): void {
    account.modifiedAt = Math.max(this.now, account.modifiedAt + 1)
  }

  #at(index: number): Owned {
    const account = this.accounts[index]
    if (account === undefined) throw new Error(`there is no account ${index}`)
    return account
  }
}

const statusAfter: Readonly<Partial<Record<EffectKind, AccountStatus>>> = {
  reset: 'RESET_REQUIRED',
  'temporary-password': 'FORCE_CHANGE_PASSWORD',
  'resend-invitation': 'FORCE_CHANGE_PASSWORD',
  scramble: 'FORCE_CHANGE_PASSWORD',
}

async function isAnnounced(store: Store, { kind, effect }: Made): Promise<boolean> {
  const request = (await store.listOpen()).requests.find(
    (each) => 'effect' in each && each.effect === effect,
  )
  if (kind === 'sign-out' || kind === 'scramble') return true
  if (request?.state !== 'executing') return false
  return (await store.findEffect(request.id, kind))?.state === 'intended'
}

function threeAccounts(): readonly Owned[] {
  return [
    owned('olga@example.com', [], 'CONFIRMED'),
    owned('jane@example.com', [], 'CONFIRMED'),
    owned('root@example.com', ['admins'], 'CONFIRMED'),
  ]
}

export function owned(email: string, groups: string[], status: AccountStatus): Owned {
  const modifiedAt = noon.getTime() - 30 * 86_400_000
  return { sub: subOf(randomUUID()), email, groups, status, password: randomUUID(), modifiedAt }
}

function seen({ sub, email, groups, status, modifiedAt }: Owned): Account {
  return {
    ref: { pool: 'customers', userPoolId: 'us-west-2_aaaaaaaaa', sub, username: sub },
    name: email.split('@')[0] ?? email,
    status,
    enabled: true,
    contacts: [{ kind: 'email', masked: 'x***@e***.com', verified: true }],
    groups,
    createdAt: new Date(modifiedAt - 86_400_000),
    modifiedAt: new Date(modifiedAt),
    temporaryPasswordDays: 7,
    availability: availabilityOf(status),
    remarks: [],
    ownerEmail: email,
  }
}

/** The methods that help an account of this status. */
export function openMethods(status: AccountStatus): readonly Method[] {
  switch (status) {
    case 'CONFIRMED':
      return ['reset', 'temporary-password', 'recovery-code']
    case 'RESET_REQUIRED':
      return ['temporary-password', 'recovery-code']
    case 'FORCE_CHANGE_PASSWORD':
      return ['temporary-password', 'resend-invitation']
    default:
      return []
  }
}

function availabilityOf(status: AccountStatus): MethodAvailability {
  const open = openMethods(status)
  const availability = (method: Method) =>
    open.includes(method)
      ? ({ open: true } as const)
      : ({ open: false, because: 'unsupported-status' } as const)
  return {
    reset: availability('reset'),
    'temporary-password': availability('temporary-password'),
    'permanent-password': availability('permanent-password'),
    'recovery-code': availability('recovery-code'),
    'resend-invitation': availability('resend-invitation'),
  }
}
