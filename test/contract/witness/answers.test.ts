/** F5: answers of a witness, and of what stands before one, over the wire. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Witness as Simulated, startWitness } from '../../../sandbox/witness/start.ts'
import { later, minute, noon } from '../../support/examples.ts'
import { sqliteBench } from '../../support/store/bench.ts'
import { type Door, Log, origin, sizeIs, startDoor, verifier } from './ledgers.ts'

describe('an answer of a witness', () => {
  const bench = sqliteBench()
  let simulated: Simulated
  let door: Door
  let log: Log
  let now = noon
  beforeAll(() => bench.start())
  afterAll(() => bench.stop())
  beforeEach(async () => {
    now = noon
    simulated = await startWitness({ name: 'w.example', logs: [verifier], now: () => now })
    door = await startDoor(simulated.url)
    log = await Log.open(bench, [], 3)
    await log.signing().checkpointSigner.sign(false)
  })
  afterEach(async () => {
    await log.close()
    await door.close()
    await simulated.close()
  })

  const asked = (timeoutMs?: number, key = simulated.key) =>
    log.compare({ name: 'w.example', key, url: door.url }, timeoutMs)

  it('F5 counts where it is signed', async () => {
    expect(await asked()).toMatchObject({ kind: 'agrees', cosigned: { size: 3, at: noon } })
  })

  it('F5 counts among signatures of others', async () => {
    door.says(async (_, pass) => {
      const said = await pass()
      return { ...said, body: `— other.example AAAAAAAA\n${said.body}` }
    })
    expect(await asked()).toMatchObject({ kind: 'agrees' })
  })

  it('F5 is none that is signed with another key', async () => {
    const other = await startWitness({ name: 'w.example', logs: [verifier] })
    expect(await asked(undefined, other.key)).toMatchObject({ kind: 'unknown' })
    await other.close()
  })

  it.each([
    ['nothing', ''],
    ['something else', '<html>Welcome</html>'],
    ['no whole line', '— w.example AAAA'],
  ])('F5 is none with %s in it', async (_what, body) => {
    door.says(() => ({ status: 200, body }))
    expect(await asked()).toMatchObject({
      kind: 'unknown',
      because: expect.stringContaining('key'),
    })
  })

  it.each([
    ['long ago', -11 * minute],
    ['in times to come', 11 * minute],
    ['before there were computers', -noon.getTime()],
  ])('F5 is none that was signed %s', async (_when, apart) => {
    now = later(apart)
    expect(await asked()).toMatchObject({ because: expect.stringMatching(/^it was signed at .+Z/) })
    now = noon
    expect(await asked()).toMatchObject({ kind: 'agrees' })
  })

  it('F5 is none that is longer than any answer', async () => {
    door.says(async (_, pass) => {
      const said = await pass()
      return { ...said, body: `${said.body}${'— other.example AAAAAAAA\n'.repeat(1_000)}` }
    })
    expect(await asked()).toEqual({ kind: 'unknown', because: 'the answer is too long' })
  })

  it('F5 is not waited for without end, where it comes a letter at a time', async () => {
    door.says((_old, _pass, response) => {
      response.writeHead(200).write('— ')
      return undefined
    })
    expect(await asked(300)).toEqual({ kind: 'unknown', because: 'TimeoutError' })
  })

  it('F5 is not fetched from somewhere else', async () => {
    const location = `${simulated.url}/add-checkpoint`
    door.says(() => ({ status: 307, headers: { location } }))
    expect(await asked()).toMatchObject({ kind: 'unknown' })
    expect(simulated.seen(origin)).toBeUndefined()
  })

  it('F5 that names another size each time is asked no more than a few times', async () => {
    let times = 0
    door.says(() => {
      times += 1
      return sizeIs(times % 3)
    })
    expect(await asked()).toMatchObject({ kind: 'unknown' })
    expect(times).toBeLessThan(6)
  })
})
