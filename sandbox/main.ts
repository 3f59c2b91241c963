/** `npm run sandbox`: Rekey at work in a pretend world. With `-- --tour` the world plays the story by itself. */

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RekeyProcess } from './rekey-process.ts'
import { tour } from './tour.ts'
import { startWorld } from './world.ts'

const { values } = parseArgs({ options: { tour: { type: 'boolean', default: false } } })

const folder = mkdtempSync(join(tmpdir(), 'rekey-sandbox-'))
const world = await startWorld()
const rekey = new RekeyProcess({
  environment: world.environment(`sqlite:${join(folder, 'rekey.db')}`),
  logFile: join(folder, 'rekey.log'),
  onRestart: () => console.log(`… Rekey is back (process ${rekey.pid})`),
})
await rekey.start()

console.log(`A pretend Slack   ${world.slack.apiUrl}`)
console.log(`A pretend Cognito ${world.cognito.url}`)
console.log(`Rekey             process ${rekey.pid}; kill -9 it whenever you like`)
console.log(`Its log and data  ${folder}\n`)

let ending: Promise<void> | undefined
process.once('SIGINT', () => void end())
process.once('SIGTERM', () => void end())

if (values.tour) {
  try {
    await tour(world, (line) => console.log(line))
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
  await end()
} else {
  console.log('To see the whole story: npm run sandbox -- --tour')
  console.log('Press Ctrl-C to end.')
}

function end(): Promise<void> {
  ending ??= rekey.stop().then(() => world.close())
  return ending
}
