/**
 * The two calls that belong to an account's owner: ForgotPassword and ConfirmForgotPassword. Both
 * are public, so they carry no credentials; an app client with a secret wants a proof of it instead.
 */

import {
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { signInName } from '../lookup/terms.ts'
import type { PoolClient } from '../policy/policy.ts'
import type { Failure, FailureKind } from '../recovery/model/effect.ts'
import type {
  CodeAsked,
  OwnerRecovery,
  OwnerRefusal,
  PasswordChanged,
  PasswordRules,
} from '../recovery/ports/owner-recovery.ts'
import type { Secret } from '../secret.ts'
import { answerTo } from './failures.ts'
import { secretHash } from './secret-hash.ts'
import type { UserPool } from './user-pool.ts'

/** Recovery by the owner, for the pools whose policy names an app client. */
export class CognitoOwnerRecovery implements OwnerRecovery {
  readonly #served: () => ServedPools
  readonly #rules: RulesOf | undefined

  /**
   * @param served asked at each use, since the policy may change while Rekey runs
   * @param rules in place of reading them from Cognito, which takes credentials
   */
  constructor(served: () => ServedPools, rules?: RulesOf) {
    this.#served = served
    this.#rules = rules
  }

  get pools(): readonly string[] {
    return this.#offered().map(({ name }) => name)
  }

  async rules(pool: string): Promise<PasswordRules | undefined> {
    try {
      if (this.#rules !== undefined) return await this.#rules(pool)
      return (await this.#require(pool).pool.settings()).passwordRules
    } catch {
      return undefined
    }
  }

  signInName(pool: string, typed: string): string {
    return signInName(typed, this.#require(pool).pool.config)
  }

  async sendCode(pool: string, username: string): Promise<CodeAsked> {
    const owners = this.#require(pool)
    try {
      await owners.pool.clients.write.send(new ForgotPasswordCommand(named(owners, username)))
      return { kind: 'asked' }
    } catch (error) {
      const { failure } = answerTo('recovery-code', error)
      return { kind: notAboutTheAccount.has(failure.kind) ? 'unavailable' : 'asked', failure }
    }
  }

  async confirm(
    pool: string,
    username: string,
    code: Secret,
    password: Secret,
  ): Promise<PasswordChanged> {
    const owners = this.#require(pool)
    const command = new ConfirmForgotPasswordCommand({
      ...named(owners, username),
      ConfirmationCode: code.reveal(),
      Password: password.reveal(),
    })
    try {
      await owners.pool.clients.write.send(command)
      return { kind: 'changed' }
    } catch (error) {
      const { kind, failure } = answerTo(undefined, error)
      return { kind: 'refused', why: kind === 'unknown' ? 'unclear' : refusalOf(failure), failure }
    }
  }

  #offered(): readonly OwnersPool[] {
    const { pools, clientSecrets } = this.#served()
    return pools.flatMap((pool) => {
      const { name, client } = pool.config
      return client ? [{ name, pool, client, secret: clientSecrets.get(name) }] : []
    })
  }

  #require(pool: string): OwnersPool {
    const found = this.#offered().find(({ name }) => name === pool)
    if (!found) throw new Error(`owners cannot recover accounts of pool ${pool} by themselves`)
    return found
  }
}

export type RulesOf = (pool: string) => Promise<PasswordRules | undefined>

/** The pools of the policy in force, in its order, and the secrets of their app clients by pool. */
export interface ServedPools {
  readonly pools: readonly UserPool[]
  readonly clientSecrets: ReadonlyMap<string, Secret>
}

interface OwnersPool {
  readonly name: string
  readonly pool: UserPool
  readonly client: PoolClient
  readonly secret: Secret | undefined
}

function named({ client, secret }: OwnersPool, username: string) {
  return {
    ClientId: client.id,
    Username: username,
    // Without a secret the member has to be absent: Cognito refuses a proof that it didn't ask for.
    ...(secret && { SecretHash: secretHash(username, client.id, secret) }),
  }
}

// These befall everybody alike. Anything else depends on the account, and would tell that it exists.
const notAboutTheAccount: ReadonlySet<FailureKind> = new Set([
  'configuration',
  'no-answer',
  'pool-gone',
  'throttled',
])

function refusalOf({ kind, name }: Failure): OwnerRefusal {
  return namedAlike.has(name) ? 'wrong-code' : refusals[kind]
}

const namedAlike: ReadonlySet<string> = new Set([
  'ExpiredCodeException',
  'UserNotConfirmedException',
])

// What is left after those two, and CodeMismatchException among them. An app client that tells who exists
// does so by UserNotFound and "User is disabled."; Cognito's limit, which is for the account, would tell
// which names are one. Here, all of them have simply got the code wrong.
const refusals = {
  refused: 'wrong-code',
  'account-gone': 'wrong-code',
  'account-state': 'wrong-code',
  'no-channel': 'wrong-code',
  'attempt-limit': 'wrong-code',
  'password-policy': 'password-policy',
  'password-history': 'password-history',
  configuration: 'unavailable',
  delivery: 'unavailable',
  'mail-limit': 'unavailable',
  'no-answer': 'unavailable',
  'pool-gone': 'unavailable',
  throttled: 'unavailable',
} satisfies Record<FailureKind, OwnerRefusal>
