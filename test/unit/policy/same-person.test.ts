import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byPerson, isSamePerson, joined } from '../../../src/policy/who.ts'
import { someone } from '../../support/examples.ts'
import { policyOf, written } from './policies.ts'

describe('T4: two accounts of one human being', () => {
  const mia = { ...someone('U0MIA'), subjects: ['U0MIA', 'mia@acme.example'] }
  test.each([
    ['the same account', mia, true],
    ['the same address', { ...someone('U0MIA2'), subjects: ['U0MIA2', 'mia@acme.example'] }, true],
    ['listed together', someone('U0MIA3'), true],
    ['somebody else', { ...someone('U0MAX'), subjects: ['U0MAX', 'max@acme.example'] }, false],
  ])('%s', (_, other, same) => {
    const listed = policyOf(written(['samePerson'], [['U0MIA', 'U0MIA3']]))
    expect(isSamePerson(listed, mia, other)).toBe(same)
    expect(isSamePerson(listed, other, mia)).toBe(same)
  })

  test.each([
    ['lists that share one', someone('U0C'), true],
    ['a list of the accounts that are joined by then', someone('U0D'), true],
    ['a list and an address', { ...someone('U0E'), subjects: ['U0E', 'U0C'] }, true],
    ['a list of others', someone('U0Y'), false],
  ])('joined by %s', (_, other, same) => {
    const lists = [
      ['U0C', 'U0D'],
      ['U0X', 'U0Y'],
      ['U0A', 'U0B'],
      ['U0B', 'U0C'],
    ]
    const listed = policyOf(written(['samePerson'], lists))
    expect(isSamePerson(listed, someone('U0A'), other)).toBe(same)
    expect(isSamePerson(listed, other, someone('U0A'))).toBe(same)
  })
})

describe('accounts by person', () => {
  const ids = ['U0A', 'U0B', 'U0C', 'U0D', 'U0E', 'U0F']

  test('are one group for each, whatever order they come in', () => {
    const circles = fc.array(fc.uniqueArray(fc.constantFrom(...ids), { minLength: 2 }))
    const order = fc.shuffledSubarray(ids, { minLength: ids.length })
    fc.assert(
      fc.property(circles, order, (samePerson, shuffled) => {
        const people = byPerson(
          { samePerson },
          shuffled.map((id) => someone(id)),
        )
        const found = people.map((each) => each.map(({ id }): string => id).sort())
        expect(found.sort()).toEqual(connected(ids, samePerson))
      }),
    )
  })

  test('are joined by somebody who is the same as two', () => {
    const [one, other, both] = [someone('U0A'), someone('U0B'), someone('U0C')]
    const policy = {
      samePerson: [
        ['U0A', 'U0C'],
        ['U0B', 'U0C'],
      ],
    }
    expect(byPerson({ samePerson: [] }, [one, other, both])).toEqual([[one], [other], [both]])
    expect(byPerson(policy, [one, other])).toEqual([[one, other]])
    expect(byPerson({ samePerson: [] }, [])).toEqual([])
    const linked = { ...both, subjects: ['a@acme.example', 'b@acme.example'] }
    const [a, b] = [
      { ...one, subjects: ['a@acme.example'] },
      { ...other, subjects: ['b@acme.example'] },
    ]
    expect(byPerson({ samePerson: [] }, [a, b, linked])).toEqual([[a, b, linked]])
  })

  test('has each subject once, and the given ones first', () => {
    expect(
      joined(
        ['U0A'],
        [
          ['U0B', 'U0A'],
          ['U0B', 'U0C'],
          ['U0D', 'U0E'],
        ],
      ),
    ).toEqual(['U0A', 'U0B', 'U0C'])
    expect(joined(['U0A'], [])).toEqual(['U0A'])
  })
})

/** The ids, those together that the lists connect. */
function connected(ids: readonly string[], lists: readonly (readonly string[])[]): string[][] {
  let sets = ids.map((id) => [id])
  for (const list of lists) {
    const hit = sets.filter((set) => set.some((id) => list.includes(id)))
    sets = [...sets.filter((set) => !hit.includes(set)), hit.flat()].filter((set) => set.length > 0)
  }
  return sets.map((set) => set.sort()).sort()
}
