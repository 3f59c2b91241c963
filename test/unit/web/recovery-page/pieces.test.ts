import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf, network, Proxies } from '../../../../src/web/recovery-page/address.ts'
import { html } from '../../../../src/web/recovery-page/html.ts'
import { languageOf } from '../../../../src/web/recovery-page/language.ts'
import {
  follows,
  passwordRulesAttribute,
  rulesOf,
} from '../../../../src/web/recovery-page/rules.ts'

const strict = { minimumLength: 8, uppercase: true, lowercase: true, numbers: true, symbols: true }
const lax = { minimumLength: 6, uppercase: false, lowercase: false, numbers: false, symbols: false }

describe('html', () => {
  it('lets nothing through that could be a tag or end an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.toString()).not.toMatch(/[<>"']|&(?!#\d+;)/)
      }),
    )
  })

  it('keeps what is HTML already, in lists too, and leaves out what is not there', () => {
    expect(html`<p>${[html`<b>${'<'}</b>`, 1, undefined, false]}</p>`.toString()).toBe(
      '<p><b>&#60;</b>1</p>',
    )
  })
})

describe('the language', () => {
  it.each([
    [null, 'ja', 'ja'],
    [null, 'ja-JP,ja;q=0.9,en;q=0.8', 'ja'],
    [null, 'en-GB,ja;q=0.9', 'en'],
    [null, 'fr,ja;q=0.5,en;q=0.4', 'ja'],
    [null, 'ja;q=0,en;q=0.1', 'en'],
    [null, 'fr', 'en'],
    [null, '*', 'en'],
    [null, ';;q=,q', 'en'],
    ['ja', 'en', 'ja'],
    ['xx', 'ja', 'ja'],
  ])('chosen as %s, asked for as %s, is %s', (chosen, header, language) => {
    expect(languageOf(chosen, header)).toBe(language)
  })
})

describe('the rules', () => {
  it.each([
    ['Abcdef1!', true],
    ['Abcdef 1!', true],
    ['Abcde1!', false],
    ['abcdef1!', false],
    ['ABCDEF1!', false],
    ['Abcdefg!', false],
    ['Abcdefg1', false],
    ['Abcdef 1', false],
    [' Abcdef1!', false],
    ['Abcdef1! ', false],
    [`Abcdef1!${'x'.repeat(248)}`, true],
    [`Abcdef1!${'x'.repeat(249)}`, false],
  ])('take %s: %s', (password, good) => {
    expect(follows(password, rulesOf(strict))).toBe(good)
  })

  it.each([...'^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+-'])('count %s as a symbol', (symbol) => {
    expect(follows(`Abcdef12${symbol}`, rulesOf(strict))).toBe(true)
  })

  it('ask for nothing that the pool does not', () => {
    expect(rulesOf(lax).map(({ name }) => name)).toEqual(['length', 'edges'])
    expect(follows('ああああああ', rulesOf(lax))).toBe(true)
  })

  it('are told to password managers', () => {
    expect(passwordRulesAttribute(strict)).toBe(
      'minlength: 8; required: lower; required: upper; required: digit; required: [-!#%+=?@];',
    )
    expect(passwordRulesAttribute(lax)).toBe('minlength: 6;')
  })
})

describe('an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, counted) => {
    expect(network(address)).toBe(counted)
  })
})

describe('F6 who is asking', () => {
  const ours = ['10.0.0.0/8', '192.0.2.7', '2001:db8:1::/48']

  it.each([
    ['the peer, where it is no proxy of ours', '198.51.100.1', '203.0.113.1', '198.51.100.1'],
    ['whom a proxy has heard from', '10.1.2.3', '203.0.113.1', '203.0.113.1'],
    [
      'the last of them, since the client wrote the rest',
      '10.1.2.3',
      '1.1.1.1, 203.0.113.1',
      '203.0.113.1',
    ],
    [
      'whom the outer of two proxies has heard from',
      '10.1.2.3',
      '1.1.1.1, 203.0.113.1, 192.0.2.7',
      '203.0.113.1',
    ],
    ['the proxy, where it says nothing', '10.1.2.3', undefined, '10.1.2.3'],
    [
      'the proxy, where it says nothing that could be read',
      '10.1.2.3',
      '203.0.113.1, unknown',
      '10.1.2.3',
    ],
    ['the outermost, where all are ours', '10.1.2.3', '10.0.0.9', '10.0.0.9'],
    [
      'by a proxy that is met on a socket for IPv6',
      '::ffff:10.1.2.3',
      '203.0.113.1',
      '203.0.113.1',
    ],
    [
      'by a proxy with an IPv6 address',
      '2001:db8:1::9',
      '[2001:db8:9::1]:4711',
      '2001:db8:9:0::/64',
    ],
    ['with the port that a proxy adds', '10.1.2.3', '203.0.113.1:4711', '203.0.113.1'],
  ])('is %s', (_, remoteAddress, forwarded, counted) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    const request = { socket: { remoteAddress }, headers } as unknown as IncomingMessage
    expect(addressOf(request, new Proxies(ours))).toBe(counted)
  })

  it('is nobody but the peer where no proxy is named', () => {
    const headers = { 'x-forwarded-for': '203.0.113.1' }
    const request = {
      socket: { remoteAddress: '127.0.0.1' },
      headers,
    } as unknown as IncomingMessage
    expect(addressOf(request, new Proxies([]))).toBe('127.0.0.1')
  })
})
