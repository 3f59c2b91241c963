import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { botScopes, lookUps } from '../../src/slack/api/scopes.ts'
import { commandNames } from '../../src/slack/register.ts'

const root = join(import.meta.dirname, '../..')
const manifest = parse(readFileSync(join(root, 'manifest.yml'), 'utf8'))

/** Which of the methods that Rekey calls needs which scope; see the method's page at docs.slack.dev. */
const scopeOf: Record<string, string[]> = {
  'auth.test': [],
  'views.open': [],
  'views.update': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.getPermalink': [],
  'users.info': ['users:read'],
  'users.lookupByEmail': ['users:read.email'],
  'usergroups.list': ['usergroups:read'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.replies': ['channels:history', 'groups:history'],
}

describe('the manifest', () => {
  const called = new Set<string>()
  beforeAll(async () => {
    for await (const file of glob('src/slack/**/*.ts', { cwd: root })) {
      const source = readFileSync(join(root, file), 'utf8')
      // Calls of the client read like the methods' names, with dots between namespaces.
      for (const [, name = ''] of source.matchAll(
        /\b(?:client|webClient\([^)]*\))\.((?:[a-z]+\.)+[a-zA-Z]+)\(/g,
      )) {
        called.add(name)
      }
    }
  })

  it('is one that Slack takes', () => {
    const schema = JSON.parse(
      readFileSync(join(import.meta.dirname, 'slack-manifest.schema.json'), 'utf8'),
    )
    const validate = new Ajv({ strict: false, logger: false }).compile(schema)
    expect(validate(manifest), JSON.stringify(validate.errors)).toBe(true)
  })

  it('T13 asks for the scopes of the methods that are called, and for no other', () => {
    expect([...called].filter((name) => !(name in scopeOf))).toEqual([])
    expect(called.size).toBeGreaterThan(5)
    const needed = new Set(['commands', ...[...called].flatMap((name) => scopeOf[name] ?? [])])
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...needed].toSorted())
  })

  it('asks for the scopes that are looked for at the start, and a look-up needs one of them', () => {
    expect(botScopes).toEqual(manifest.oauth_config.scopes.bot)
    for (const [method, scopes] of Object.entries(lookUps)) expect(scopeOf[method]).toEqual(scopes)
  })

  it('offers the commands that are listened to, with what people type as they type it', () => {
    expect(manifest.features.slash_commands).toMatchObject(
      commandNames.map((command) => ({ command, should_escape: false })),
    )
  })
})
