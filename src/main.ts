/** The process: what the operator wrote, the signals, and the exit codes. */

import { constants } from 'node:os'
import type { Logger } from 'pino'
import { text } from './cli/text/text.ts'
import { loadEnvFile, loadEnvironment } from './config.ts'
import { createLog } from './log.ts'
import { FaultyPolicy } from './policy-check.ts'
import { type Rekey, startRekey } from './rekey.ts'
import { readSettings } from './settings.ts'

// Kubernetes and systemd wait 30 seconds or longer before they kill.
const stopWithinMs = 25_000

type Signal = 'SIGTERM' | 'SIGINT'

async function run(): Promise<void> {
  const file = loadEnvFile()
  const read = readSettings(loadEnvironment(file), file)
  if (read.kind === 'faulty') {
    console.error(text.start.faulty(read.faults))
    console.error(text.start.sandbox)
    process.exit(1)
  }
  const log = createLog(read.settings.config.logLevel)
  if (file.warning !== undefined) log.warn(file.warning)
  // Left to itself, Node would print the error with all it carries: answers, headers, request bodies.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'Rekey ends, since nobody has caught an error')
    process.exit(1)
  })
  const outgrown = Promise.withResolvers<void>()
  // From the beginning: a signal that nobody waits for would end the process.
  const started = Promise.withResolvers<Rekey>()
  let reloading: Promise<unknown> = started.promise
  // One after the other, each with the file as it is when its turn comes, so that the newest stays.
  process.on('SIGHUP', () => {
    reloading = reloading.then(async () => reload(await started.promise, log))
  })
  // From the beginning, too: what runs as a container's first process is sent no signal that it has no handler for.
  let stop: (signal: Signal) => void = (signal) => {
    log.info({ signal }, 'stopped before it had started')
    process.exit(128 + constants.signals[signal])
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  const rekey = await startRekey(read.settings, { log, onOutgrown: outgrown.resolve }).catch(
    (error: unknown) => {
      if (!(error instanceof FaultyPolicy)) throw error
      console.error(text.start.faulty(error.faults))
      process.exit(1)
    },
  )

  let isStopping = false
  // Told once more, as by npm and the terminal both, it is stopping already.
  const stopInOrder = (signal: Signal | 'none', code = 0) => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), stopWithinMs).unref()
    rekey.stop().then(
      () => process.exit(code),
      (error) => {
        log.error({ err: error }, 'could not stop in order')
        process.exit(1)
      },
    )
  }
  stop = stopInOrder
  started.resolve(rekey)
  outgrown.promise.then(() => stopInOrder('none', 1))
}

async function reload(rekey: Rekey, log: Logger): Promise<void> {
  try {
    const file = loadEnvFile()
    const next = readSettings(loadEnvironment(file), file)
    if (next.kind === 'ok') return await rekey.reload(next.settings)
    log.error({ faults: next.faults }, 'the policy stays as it was: the new one has faults')
    await rekey.refuse(next.faults)
  } catch (error) {
    const faults = error instanceof FaultyPolicy ? { faults: error.faults } : { err: error }
    log.error(faults, 'the policy stays as it was: the new one could not be put in force')
  }
}

if (import.meta.main) {
  await run().catch((error: unknown) => {
    createLog('error').fatal({ err: error }, 'Rekey could not start')
    console.error(text.start.failed(error instanceof Error ? error.message : undefined))
    process.exit(1)
  })
}
