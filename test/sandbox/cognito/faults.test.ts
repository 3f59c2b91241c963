import {
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it, vi } from 'vitest'
import type { FaultKind } from '../../../sandbox/cognito/faults.ts'
import { sha256 } from '../../../sandbox/cognito/transcript.ts'
import { customersPoolId, staffPoolId } from '../../../sandbox/world/user-pool-seed.ts'
import { openCognito, sdkFor, verdict } from './setup.ts'

const jane = 'jane@example.com'
const here = (Username: string) => ({ UserPoolId: customersPoolId, Username })
const reset = (name = jane) => new AdminResetUserPasswordCommand(here(name))
const get = (name = jane) => new AdminGetUserCommand(here(name))

const spoilt = [
  { kind: 'throttle', says: /^TooManyRequestsException: Rate exceeded$/, effect: 'none' },
  { kind: 'limit-exceeded', says: /^LimitExceededException: Attempt limit/, effect: 'none' },
  { kind: 'error-before', says: /^InternalErrorException/, effect: 'none' },
  { kind: 'error-after', says: /^InternalErrorException/, effect: 'done' },
  { kind: 'drop-before', says: /^(TimeoutError|Error): /, effect: 'none' },
  { kind: 'drop-after', says: /^(TimeoutError|Error): /, effect: 'done' },
  { kind: 'hang-before', says: /^TimeoutError/, effect: 'none' },
  { kind: 'hang-after', says: /^TimeoutError/, effect: 'done' },
  {
    kind: 'lambda-error-after',
    says: /^UserLambdaValidationException: CustomMessage failed with error boom\.$/,
    effect: 'done',
  },
  {
    kind: 'code-delivery-failure',
    says: /^CodeDeliveryFailureException: Unable to deliver code to user$/,
    effect: 'done',
  },
  {
    kind: { name: 'AccessDeniedException', message: 'not you' },
    says: /^AccessDeniedException: not you$/,
    effect: 'none',
  },
] satisfies { kind: FaultKind; says: RegExp; effect: string }[]

describe('a misfortune', () => {
  it.each(spoilt)('$kind has effect $effect', async ({ kind, says, effect }) => {
    const { cognito, sdk } = await openCognito()
    const hangs = kind === 'hang-before' || kind === 'hang-after'
    const caller = hangs ? sdkFor(cognito.url, 200) : sdk
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind })

    expect(await verdict(caller.send(reset()))).toMatch(says)

    await vi.waitFor(() => expect(cognito.calls).toHaveLength(1))
    const { status } = cognito.pools.get('customers').user(jane)
    expect(status).toBe(effect === 'done' ? 'RESET_REQUIRED' : 'CONFIRMED')
    expect(cognito.calls).toMatchObject([
      { effect, outcome: typeof kind === 'string' ? kind : kind.name },
    ])
    expect(await verdict(sdk.send(get()))).toBe('ok')
  })

  it.each(['lambda-error-after', 'code-delivery-failure'] as const)(
    '%s leaves the owner without a message',
    async (kind) => {
      const { cognito, sdk } = await openCognito()
      cognito.faults.add({ kind })
      await verdict(sdk.send(reset()))
      expect(cognito.mailbox.messages).toHaveLength(0)
    },
  )

  it('leaves a refusal a refusal when no message would have been sent', async () => {
    const { cognito, sdk } = await openCognito()
    cognito.faults.add({ kind: 'lambda-error-after' })
    expect(await verdict(sdk.send(reset('bob@example.com')))).toMatch(/^InvalidParameterException/)
    expect(cognito.calls).toMatchObject([
      { effect: 'refused', outcome: 'InvalidParameterException' },
    ])
  })

  it('is an error of the server when it says so', async () => {
    const { cognito, sdk } = await openCognito()
    cognito.faults.add({ kind: 'error-before' })
    await expect(sdk.send(reset())).rejects.toMatchObject({
      $fault: 'server',
      $metadata: { httpStatusCode: 500, attempts: 1 },
    })
  })

  it('can be slowness: the effect at once, the answer later', async () => {
    const { cognito } = await openCognito()
    cognito.faults.add({ kind: 'slow', ms: 60_000 })
    const answer = verdict(sdkFor(cognito.url, 200).send(reset()))
    const status = () => cognito.pools.get('customers').user(jane).status
    await vi.waitFor(() => expect(status()).toBe('RESET_REQUIRED'))
    expect(await answer).toMatch(/^TimeoutError/)
  })

  it('answers in the end when the caller is patient', async () => {
    const { cognito, sdk } = await openCognito()
    cognito.faults.add({ kind: 'slow', ms: 20 })
    expect(await verdict(sdk.send(reset()))).toBe('ok')
  })

  it('strikes as often as ordered, then no more', async () => {
    const { cognito, sdk } = await openCognito()
    cognito.faults.add({ kind: 'throttle', times: 2 })
    const verdicts = [await verdict(sdk.send(get())), await verdict(sdk.send(get()))]
    expect(verdicts.every((each) => each.startsWith('TooManyRequests'))).toBe(true)
    expect(cognito.faults.list()).toEqual([])
    expect(await verdict(sdk.send(get()))).toBe('ok')
  })

  it('strikes only whom and what it was ordered for, by any of the names', async () => {
    const { cognito, sdk } = await openCognito()
    const { sub } = cognito.pools.get('customers').user(jane)
    cognito.faults.add({ operation: 'AdminGetUser', username: jane, kind: 'throttle' })
    expect(await verdict(sdk.send(get('judy@example.com')))).toBe('ok')
    expect(await verdict(sdk.send(reset()))).toBe('ok')
    expect(await verdict(sdk.send(get(sub)))).toMatch(/^TooManyRequests/)
  })

  it('strikes in the pool that it was ordered for, and no other', async () => {
    const { cognito, sdk } = await openCognito()
    cognito.faults.add({ poolId: staffPoolId, kind: 'throttle' })
    expect(await verdict(sdk.send(get()))).toBe('ok')
    cognito.faults.add({ poolId: customersPoolId, kind: 'throttle' })
    expect(await verdict(sdk.send(get()))).toMatch(/^TooManyRequests/)
  })

  it('can be called off', async () => {
    const { cognito, sdk } = await openCognito()
    cognito.faults.add({ kind: 'throttle', times: 9 })
    expect(cognito.faults.list()).toEqual([{ kind: 'throttle', times: 9 }])
    cognito.faults.clear()
    expect(await verdict(sdk.send(get()))).toBe('ok')
  })
})

describe('the record of calls', () => {
  it('has no password in it, but tells one from another', async () => {
    const { cognito, sdk, application } = await openCognito()
    const set = new AdminSetUserPasswordCommand({ ...here(jane), Password: 'Canary-word-1' })
    await sdk.send(set)
    await sdk.send(set)
    const first = await application.signIn(jane, 'Canary-word-1')
    if (first.kind === 'new-password-required') await first.respond('Canary-word-2')
    await application.confirmForgotPassword(jane, '123456', 'Canary-word-3')
    expect(JSON.stringify(cognito.calls)).not.toContain('Canary')
    const hashes = cognito.calls.flatMap(({ passwordHashes }) => Object.values(passwordHashes))
    const [one, two, three] = [1, 2, 3].map((n) => sha256(`Canary-word-${n}`))
    expect(hashes).toEqual([one, one, one, two, three])
    expect(cognito.calls[0]?.input['Password']).toBe('[password]')
  })

  it('tells what was asked, when, and how it went', async () => {
    const { cognito, sdk, clock } = await openCognito()
    const { $metadata } = await sdk.send(get())
    await verdict(sdk.send(get('nobody@example.com')))
    expect(cognito.calls).toEqual([
      {
        operation: 'AdminGetUser',
        input: here(jane),
        passwordHashes: {},
        at: clock.now(),
        outcome: 'ok',
        effect: 'done',
        requestId: $metadata.requestId,
        userAgent: expect.stringContaining('aws-sdk-js'),
      },
      expect.objectContaining({ outcome: 'UserNotFoundException', effect: 'refused' }),
    ])
  })
})
