/** Faults at the press of a button, and what crossed the wires lately, so that one sees how Rekey takes it. */

import type { CognitoSandbox } from '../cognito/server.ts'
import type { SlackSandbox } from '../slack/start.ts'

/** A button as the page shows it; `means` is the sentence under it. */
export interface FaultButtonView {
  readonly id: string
  readonly name: string
  readonly means: string
  /** Whether it is going on right now. */
  readonly isOn: boolean
}

/** One line of what went over the wires: the time (ISO, UTC), whose wire, what, and how it ended. */
export interface TrafficLine {
  readonly at: string
  readonly who: string
  readonly what: string
  readonly outcome: string
  readonly isBad: boolean
}

/** Rekey's own process, as far as a fault needs it. */
export interface Killable {
  readonly pid: number | undefined
  /** Ends it on the spot; whoever gives it sees to it that it comes back. */
  crash(): void
}

/** What can be disturbed; what is undefined has no buttons. */
export interface FaultTargets {
  readonly slack: SlackSandbox
  readonly cognito: CognitoSandbox | undefined
  readonly rekey: Killable | undefined
  /** Moves the simulated Cognito's clock. */
  readonly advanceClock: AdvanceClock | undefined
}

interface FaultButton {
  readonly id: string
  readonly name: string
  readonly means: string
  readonly isOn?: () => boolean
  /** Says what will be noticed. */
  readonly press: () => string | Promise<string>
}

const hourMs = 3_600_000

/** Lets this much time pass, in milliseconds; resolves once everybody has noticed. */
export type AdvanceClock = (milliseconds: number) => void | Promise<void>

/** The buttons of the Troubles tab, and the list below them. */
export class FaultButtons {
  readonly #targets: FaultTargets
  readonly #changed: () => void
  readonly #all: readonly FaultButton[]

  constructor(targets: FaultTargets, changed: () => void) {
    this.#targets = targets
    this.#changed = changed
    this.#all = [...slackButtons(targets.slack), ...otherButtons(targets)]
  }

  /** All buttons, in the order they are shown. */
  list(): FaultButtonView[] {
    return this.#all.map(({ id, name, means, isOn }) => ({
      id,
      name,
      means,
      isOn: isOn?.() ?? false,
    }))
  }

  /**
   * Does it and resolves to what the person is told. Rejects for an id that no button has. Faults that are
   * ordered wait for the calls they are for, and come on top of those that wait already.
   */
  async press(id: string): Promise<string> {
    const button = this.#all.find((each) => each.id === id)
    if (!button) throw new Error('There is no such button')
    const says = await button.press()
    this.#changed()
    return says
  }

  /** The latest 40 calls and deliveries, the newest first. */
  traffic(): TrafficLine[] {
    return trafficOf(this.#targets)
  }
}

function slackButtons({ faults, sockets }: SlackSandbox): FaultButton[] {
  return [
    {
      id: 'slack-429',
      name: 'Slack answers 429',
      means: 'The next three calls are turned away: too many requests, come back in 2 s.',
      press: () => {
        faults.add({ kind: 'rate-limit', retryAfterSeconds: 2, times: 3 })
        return 'The next three calls to Slack will be answered 429.'
      },
    },
    {
      id: 'slack-down',
      name: 'Slack is down',
      means: 'Every call is answered 503 and the socket is cut, until you press again.',
      isOn: () => faults.isDown,
      press: () => {
        if (faults.isDown) faults.comeBack()
        else faults.goDown()
        return faults.isDown ? 'Slack is down.' : 'Slack is back.'
      },
    },
    {
      id: 'slack-refresh',
      name: 'The socket is refreshed',
      means: 'Slack asks for a new connection, as it does every few hours.',
      press: () => {
        sockets.disconnect('refresh_requested')
        return 'Slack has asked for a new connection.'
      },
    },
    {
      id: 'slack-lost',
      name: 'Slack’s answer is lost',
      means: 'The next message is posted, but the answer never comes.',
      press: () => {
        faults.add({ method: 'chat.postMessage', kind: 'drop-after' })
        return 'The answer to the next message will be lost.'
      },
    },
  ]
}

function otherButtons({ cognito, rekey, advanceClock }: FaultTargets): FaultButton[] {
  return [
    ...(cognito ? cognitoButtons(cognito) : []),
    ...(advanceClock ? clockButtons(advanceClock) : []),
    ...(rekey ? [killButton(rekey)] : []),
  ]
}

// The calls by which Rekey changes a password.
const effects = ['AdminResetUserPassword', 'AdminSetUserPassword']

function cognitoButtons({ faults }: CognitoSandbox): FaultButton[] {
  return [
    {
      id: 'cognito-throttles',
      name: 'Cognito throttles',
      means: 'The next three calls are refused: too many requests.',
      press: () => {
        faults.add({ kind: 'throttle', times: 3 })
        return 'The next three calls to Cognito will be refused.'
      },
    },
    {
      id: 'cognito-lost',
      name: 'Cognito’s answer is lost after the effect',
      means:
        'The next reset, and the next password set, happen; the connection breaks before the answer.',
      press: () => {
        for (const operation of effects) faults.add({ operation, kind: 'drop-after' })
        return 'The answer to the next reset or new password will be lost.'
      },
    },
  ]
}

function clockButtons(advanceClock: AdvanceClock): FaultButton[] {
  return [
    {
      id: 'hour',
      name: 'Let an hour pass',
      means: 'For Rekey, Slack and Cognito: requests expire, codes and unused passwords run out.',
      press: async () => {
        await advanceClock(hourMs)
        return 'It is an hour later. Rekey was restarted for it.'
      },
    },
    {
      id: 'week',
      name: 'Let eight days pass',
      means: 'Cognito’s own temporary passwords run out after seven.',
      press: async () => {
        await advanceClock(8 * 24 * hourMs)
        return 'It is eight days later. Rekey was restarted for it.'
      },
    },
  ]
}

function killButton(rekey: Killable): FaultButton {
  return {
    id: 'kill-rekey',
    name: 'Kill Rekey now',
    means: 'Ends its process on the spot, as a crash would. It comes back by itself.',
    press: () => {
      const { pid } = rekey
      rekey.crash()
      return `Process ${pid ?? ''} is killed. Another one is on its way.`
    },
  }
}

const mostLines = 40

function trafficOf({ slack, cognito }: FaultTargets): TrafficLine[] {
  const calls = slack.transcript.calls.slice(-mostLines).map((call) => ({
    at: call.at,
    who: 'Slack',
    what: call.method,
    outcome: call.outcome,
    isBad: call.outcome !== 'ok' && call.outcome !== 'waiting',
  }))
  const deliveries = slack.transcript.deliveries.slice(-mostLines).map((each) => ({
    at: each.at,
    who: 'To the app',
    what: String(each.envelope.payload['type'] ?? each.envelope.payload['command'] ?? ''),
    outcome: each.problems?.join(' ') ?? each.outcome,
    isBad: each.problems !== undefined || /timeout|no-connection/.test(each.outcome),
  }))
  const cognitoCalls = (cognito?.calls ?? []).slice(-mostLines).map(cognitoLine)
  return [...calls, ...deliveries, ...cognitoCalls]
    .toSorted((one, other) => other.at.localeCompare(one.at))
    .slice(0, mostLines)
}

function cognitoLine(call: CognitoSandbox['calls'][number]): TrafficLine {
  return {
    at: call.at.toISOString(),
    who: 'Cognito',
    what: call.operation,
    outcome: call.outcome,
    isBad: call.outcome !== 'ok',
  }
}
