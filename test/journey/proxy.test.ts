/** Rekey in a network from which only a proxy leads to Slack and AWS. */

import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { policy } from '../../src/cli/policy.ts'
import {
  type OutgoingProxy,
  type ProxyOptions,
  startOutgoingProxy,
  withTls,
} from '../support/proxy.ts'
import { approve, ask } from '../support/story/interactions.ts'
import { cardSays } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'

const login = { user: 'rekey', password: 'hunter2/of#the@proxy' }
const credentials = `${login.user}:${encodeURIComponent(login.password)}@`

let story: Story
let proxy: OutgoingProxy | undefined
beforeEach(async () => {
  story = await beginStory()
})
afterEach(async () => {
  process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'] = story.cognito.url
  await story.end()
  await proxy?.close()
  proxy = undefined
})

async function through(options: ProxyOptions = {}, user = ''): Promise<string> {
  proxy = await startOutgoingProxy(options)
  return `http://${user}127.0.0.1:${proxy.port}`
}

const hosts = () => new Set(proxy?.asked)
const hostOf = (url: string) => new URL(url).host

async function whyNot(changes: Record<string, string>): Promise<string> {
  return await story.restart(changes).then(
    () => 'it starts',
    (error: unknown) => String(error),
  )
}

describe('a proxy', () => {
  it('is the way to Slack, to its sockets and to AWS, with a password that nobody gets to see', async () => {
    story.beware(login.password)
    story.beware(encodeURIComponent(login.password))
    const http_proxy = await through({ login }, credentials)
    await story.restart({ http_proxy })
    const card = await ask(story, story.sam, 'jane@example.com')
    await approve(story, story.mia, card)
    await cardSays(story, card, 'signed out everywhere')
    expect(hosts()).toEqual(new Set([hostOf(story.slack.apiUrl), hostOf(story.cognito.url)]))
  })

  it('is asked for a tunnel to whatever speaks TLS', async () => {
    const slack = await withTls(story.slack.apiUrl)
    const cognito = await withTls(story.cognito.url)
    const HTTPS_PROXY = await through({ login }, credentials)
    process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'] = cognito.url
    await story.restart({ HTTPS_PROXY, SLACK_API_URL: slack.url })
    await ask(story, story.sam, 'jane@example.com')
    expect([...hosts()]).toEqual(
      expect.arrayContaining([`localhost:${slack.port}`, `localhost:${cognito.port}`]),
    )
    await story.stopRekey()
    await slack.close()
    await cognito.close()
  })

  it.each(['127.0.0.1', 'slack.example, 127.0.0.1', '*'])(
    'is left aside for what NO_PROXY names (%s), and where only the other kind has one',
    async (NO_PROXY) => {
      const url = await through({ forbids: true })
      await story.restart({ HTTP_PROXY: url, NO_PROXY })
      await ask(story, story.sam, 'jane@example.com')
      await story.restart({ HTTP_PROXY: '', NO_PROXY: '', HTTPS_PROXY: url })
      expect(proxy?.asked).toEqual([])
    },
  )

  it.each<[why: string, options: ProxyOptions, user: string, sentence: string]>([
    ['a password it wants', { login }, '', 'which wants another user and password (407)'],
    [
      'another password',
      { login },
      'rekey:hunter3@',
      'which wants another user and password (407)',
    ],
    ['not letting through', { forbids: true }, credentials, 'which answers 403: have it let Rekey'],
  ])(
    'is named in place of the token where it stands in the way: %s',
    async (_, options, user, sentence) => {
      const HTTP_PROXY = await through(options, user)
      const why = await whyNot({ HTTP_PROXY })
      expect(why).toContain(
        `HTTP_PROXY: Slack cannot be reached through the proxy at 127.0.0.1:${proxy?.port}, ${sentence}`,
      )
      expect(why).not.toMatch(/SLACK_BOT_TOKEN|hunter/)
      const said: string[] = []
      await expect(policy(['check'], story.env, (line) => said.push(line))).rejects.toThrow(
        sentence,
      )
    },
  )

  it('is named where it is not there', async () => {
    expect(await whyNot({ HTTP_PROXY: 'rekey:hunter2@127.0.0.1:1' })).toContain(
      'HTTP_PROXY: Slack cannot be reached through the proxy at 127.0.0.1:1, which does not answer, or Slack behind it (ECONNREFUSED)',
    )
  })

  it('is named where it opens what is encrypted, and is not trusted', async () => {
    const slack = await withTls(story.slack.apiUrl)
    setDefaultCACertificates(getCACertificates('bundled'))
    const why = await whyNot({ HTTPS_PROXY: await through(), SLACK_API_URL: slack.url })
    expect(why).toMatch(
      /HTTPS_PROXY: .* is not trusted here \(DEPTH_ZERO_SELF_SIGNED_CERT\): let NODE_EXTRA_CA_CERTS/,
    )
    await slack.close()
  })

  it('is named where AWS alone is behind it', async () => {
    const cognito = await withTls(story.cognito.url)
    process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'] = cognito.url
    await story.restart({ HTTPS_PROXY: await through({ forbids: true }) })
    expect(await story.readiness()).toMatch(
      /AWS cannot be called: DescribeUserPool \(ERR_PROXY_TUNNEL\); the proxy in HTTPS_PROXY/,
    )
    await story.stopRekey()
    await cognito.close()
  })
})
