import { describe, expect, it } from 'vitest'
import { personId } from '../../../../src/ids.ts'
import type { Directory } from '../../../../src/recovery/ports/directory.ts'
import { guard } from '../../../../src/slack/inbound/guard.ts'
import { someone } from '../../../support/examples.ts'

const home = { appId: 'A0REKEY', teamId: 'T0HOME' }
const team = { id: 'T0HOME' }

/** One payload of each kind, as Slack sends them from home. */
const kinds: Record<string, Record<string, unknown>> = {
  slash_command: {
    command: '/reset-password',
    api_app_id: 'A0REKEY',
    team_id: 'T0HOME',
    user_id: 'U0ADA',
    trigger_id: 't',
  },
  block_actions: {
    type: 'block_actions',
    api_app_id: 'A0REKEY',
    team,
    user: { id: 'U0ADA', team_id: 'T0HOME' },
    trigger_id: 't',
  },
  view_submission: {
    type: 'view_submission',
    api_app_id: 'A0REKEY',
    team,
    user: { id: 'U0ADA' },
    trigger_id: 't',
    view: {},
  },
  view_closed: {
    type: 'view_closed',
    api_app_id: 'A0REKEY',
    team,
    user: { id: 'U0ADA' },
    view: {},
  },
  shortcut: {
    type: 'shortcut',
    api_app_id: 'A0REKEY',
    team,
    user: { id: 'U0ADA' },
    trigger_id: 't',
  },
  message_action: {
    type: 'message_action',
    api_app_id: 'A0REKEY',
    team,
    user: { id: 'U0ADA' },
    trigger_id: 't',
  },
  block_suggestion: {
    type: 'block_suggestion',
    api_app_id: 'A0REKEY',
    team,
    user: { id: 'U0ADA' },
  },
  event_callback: {
    type: 'event_callback',
    api_app_id: 'A0REKEY',
    team_id: 'T0HOME',
    event_id: 'e',
    event: { user: 'U0ADA' },
  },
}

async function arrive(
  body: unknown,
  member = true,
  person: Directory['person'] = async (id) =>
    id === 'U0ADA' ? someone('U0ADA', [], member) : undefined,
) {
  const met = { passed: false, acked: false, turnedAway: [] as string[], said: [] as string[] }
  const door = guard({
    home,
    directory: { person },
    journal: {
      turnAway: async (by, kind, because) => {
        met.turnedAway.push(`${by} ${kind} ${because}`)
      },
    },
    channels: { isShared: async (channel) => channel === 'C0SHARED' },
    log: { warn: () => {}, error: () => {} },
  })
  await door({
    body,
    next: async () => {
      met.passed = true
    },
    ack: async () => {
      met.acked = true
    },
    respond: async ({ text }: { text: string }) => met.said.push(text),
  })
  return met
}

describe('the guard, for every kind of payload', () => {
  describe.each(Object.entries(kinds))('%s', (kind, payload) => {
    it('lets in a member of this workspace', async () => {
      expect(await arrive(payload)).toMatchObject({ passed: true, turnedAway: [] })
    })

    it.each([
      ['SI-08 T9 another app’s', { api_app_id: 'A0OTHER' }, 'other-app'],
      ['SI-08 one that names no app', { api_app_id: undefined }, 'other-app'],
      ['SI-08 another team’s', { team: { id: 'T0OTHER' }, team_id: 'T0OTHER' }, 'other-team'],
      [
        'one that names no team',
        { team: null, team_id: undefined, ...noUserTeam(payload) },
        'no-team',
      ],
      [
        'one of an installation for a whole enterprise',
        { is_enterprise_install: 'true' },
        'enterprise-install',
      ],
      ['one of nobody', { user: undefined, user_id: undefined, event: {} }, 'no-user'],
      ['one of somebody Slack does not know', stranger(payload), 'unknown-user'],
    ])('SEC-10 B9 turns away %s, acknowledged and recorded', async (_, change, because) => {
      const met = await arrive({ ...payload, ...change })
      expect(met).toMatchObject({ passed: false, acked: true })
      expect(met.turnedAway).toEqual([expect.stringMatching(new RegExp(`${kind} ${because}$`))])
    })

    it('SE-05 turns away whoever Slack does not answer for, acknowledged and recorded', async () => {
      const silent = () => Promise.reject(new Error('Slack is silent'))
      const met = await arrive(payload, true, silent)
      expect(met).toMatchObject({ passed: false, acked: true })
      expect(met.turnedAway).toEqual([`U0ADA ${kind} not-checked`])
    })

    it('SE-08 T6 turns away guests, bots and people who have left', async () => {
      expect((await arrive(payload, false)).turnedAway).toEqual([`U0ADA ${kind} not-a-member`])
    })
  })

  it('SEC-10 turns away a window that was opened from another workspace', async () => {
    const view = { app_installed_team_id: 'T0OTHER' }
    expect((await arrive({ ...kinds['view_submission'], view })).turnedAway).toEqual([
      'U0ADA view_submission other-team',
    ])
  })

  it('T6 turns away a button that is pressed in a channel that outsiders can read', async () => {
    const readRequestButton = { ...kinds['block_actions'], channel: { id: 'C0SHARED' } }
    expect((await arrive(readRequestButton)).turnedAway).toEqual([
      'U0ADA block_actions shared-channel',
    ])
  })

  it('SEC-10 turns away an outsider who clicks in a shared channel', async () => {
    const user = { id: 'U0ADA', team_id: 'T0OTHER' }
    expect((await arrive({ ...kinds['block_actions'], user })).turnedAway).toEqual([
      'U0ADA block_actions other-team',
    ])
  })

  it.each([[null], ['text'], [[]], [{ user: { id: 7 } }]])(
    'turns away what is no payload: %j',
    async (body) => {
      expect(await arrive(body)).toMatchObject({ passed: false, acked: true })
    },
  )
})

function stranger(payload: Record<string, unknown>) {
  if ('user_id' in payload) return { user_id: personId('U0X') }
  return 'event' in payload ? { event: { user: 'U0X' } } : { user: { id: 'U0X' } }
}

function noUserTeam(payload: Record<string, unknown>) {
  return 'user' in payload ? { user: { id: 'U0ADA' } } : {}
}
