import { describe, expect, it } from 'vitest'
import { folded, oneLine, visibleLines } from '../../../../src/recovery/model/visible-text.ts'

describe('the lines that people see', () => {
  it.each([
    ['one', ['one']],
    ['one\ntwo', ['one', 'two']],
    ['one\r\ntwo\rthree', ['one', 'two', 'three']],
    ['one\n\ntwo', ['one', '', 'two']],
    ['a\vb\fc\u0085d\u2028e\u2029f', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['\u202ea\u200bb\u00adc\u2060d\u2064e\ufefff\u0007', ['abcdef']],
    ['a\u200db\u200cc', ['a\u200db\u200cc']],
    ['\ud800', ['\ufffd']],
    ['  a ', ['  a ']],
  ])('of %j', (text, lines) => {
    expect(visibleLines(text)).toEqual(lines)
  })
})

describe('a text on one line', () => {
  it.each([
    [' one\r\ntwo\n', 'one two'],
    ['one\u2028two', 'one two'],
    ['\u202eone\u200b\u2066', 'one'],
    ['a\u200db', 'a\u200db'],
    ['\ud800', '\ufffd'],
  ])('%j', (text, line) => {
    expect(oneLine(text)).toBe(line)
  })
})

describe('a text as people compare it', () => {
  it.each([
    ['  Alan \n Admin ', 'alan admin'],
    ['Alan\u3000 Admin', 'alan admin'],
    ['RENE\u0301', 'ren\u00e9'],
    ['ﬁ', 'fi'],
    ['A\u200dB\u200cC', 'abc'],
    ['\u3164Alan \u3164', 'alan'],
    ['\u3164', ''],
    ['👩\u200d💻\ufe0f', '👩💻'],
  ])('%j', (text, compared) => {
    expect(folded(text)).toBe(compared)
  })
})
