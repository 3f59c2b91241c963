import { Writable } from 'node:stream'
import { webApi } from '@slack/bolt'
import { describe, expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'
import { Secret } from '../../src/secret.ts'
import { slackLogger } from '../../src/slack/api/logger.ts'

function aLog() {
  const lines: string[] = []
  const out = new Writable({
    write(line: Buffer, _encoding, written) {
      lines.push(line.toString('utf8'))
      written()
    },
  })
  return { log: createLog('debug', out), lines }
}

const token = 'xoxb-123456-abcdef'

describe('the log', () => {
  it.each([
    ['in a message', (log: ReturnType<typeof createLog>) => log.info(`using ${token}`)],
    ['in a field', (log: ReturnType<typeof createLog>) => log.info({ token }, 'hello')],
    [
      'deep in a field',
      (log: ReturnType<typeof createLog>) => log.info({ a: { b: [token] } }, 'hello'),
    ],
    [
      'in an error',
      (log: ReturnType<typeof createLog>) => log.error({ err: new Error(token) }, 'oh'),
    ],
    [
      'in a cause',
      (log: ReturnType<typeof createLog>) =>
        log.error({ err: new Error('a', { cause: new Error(token) }) }),
    ],
    [
      'of another kind',
      (log: ReturnType<typeof createLog>) => log.info('xapp-1-A0-123-abc and AKIAABCDEFGHIJKLMNOP'),
    ],
  ])('SX-01 shows no token %s', (_, write) => {
    const { log, lines } = aLog()
    write(log)
    expect(lines.join('')).not.toMatch(/xoxb-1|xapp-1|AKIA/)
    expect(lines.join('')).toContain('[token]')
  })

  it('is lines of JSON, whatever is written', () => {
    const { log, lines } = aLog()
    log.info({ text: 'a\nb\u2028c' }, 'line\nbreak')
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', app: 'rekey' })
  })

  it('T24 prints a Secret as what it is', () => {
    const { log, lines } = aLog()
    log.info({ password: new Secret('hunter2') }, 'hello')
    expect(lines.join('')).toContain('[secret]')
    expect(lines.join('')).not.toContain('hunter2')
  })

  it('takes of an error of Slack its name, and not what was sent', async () => {
    const { log, lines } = aLog()
    const error = Object.assign(new Error('An API error occurred: not_found'), {
      code: webApi.ErrorCode.PlatformError,
      data: { ok: false, error: 'not_found', view: { blocks: ['what somebody typed'] } },
      headers: { authorization: 'x' },
    })
    log.error({ err: error }, 'oh')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { slack: 'not_found' } })
    expect(lines.join('')).not.toMatch(/typed|authorization/)
  })
})

describe('the logger that Slack’s SDKs get', () => {
  it('drops their debug lines, which hold whole payloads, whatever our own level is', () => {
    const { log, lines } = aLog()
    const logger = slackLogger(log)
    logger.debug('what somebody typed')
    expect(lines).toEqual([])
    expect(logger.getLevel()).toBe('info')
  })
})
