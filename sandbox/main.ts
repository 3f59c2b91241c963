/** `npm run sandbox`: Rekey at work in a simulated world. With `-- --tour` the world plays the story by itself. */

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RekeyProcess } from './rekey-process.ts'
import { tour } from './tour.ts'
import { startPage } from './web/start.ts'
import { startWorld } from './world/world.ts'

const { values } = parseArgs({ options: { tour: { type: 'boolean', default: false } } })

const folder = mkdtempSync(join(tmpdir(), 'rekey-sandbox-'))
const databaseFile = join(folder, 'rekey.db')
const world = await startWorld()
const rekey = new RekeyProcess({
  environment: world.environment(`sqlite:${databaseFile}`),
  logFile: join(folder, 'rekey.log'),
  onRestart: () => console.log(`… Rekey is back (process ${rekey.pid})`),
})
const advanceClock = (milliseconds: number) => {
  world.advanceClock(milliseconds)
  return rekey.advanceClock(milliseconds)
}
const page = await startPage({ ...world, advanceClock }, { databaseFile, rekey })

let ending: Promise<void> | undefined
process.once('SIGINT', () => void end())
process.once('SIGTERM', () => void end())

if (values.tour) {
  await rekey.start()
  try {
    await tour(world, (line) => console.log(line))
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
  await end()
} else {
  console.log(`Open ${page.url}\n`)
  await rekey.start()
  console.log(
    `Rekey runs as process ${rekey.pid}: kill -9 it whenever you like. Its log and data: ${folder}`,
  )
  console.log(`The page where owners recover by themselves: ${world.recoveryPage}`)
  console.log('The whole story in the terminal: npm run sandbox -- --tour')
  console.log('Press Ctrl-C to end.')
}

function end(): Promise<void> {
  ending ??= rekey
    .stop()
    .then(() => page.close())
    .then(() => world.close())
  return ending
}
