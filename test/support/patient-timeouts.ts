import type { Timeouts } from '../../src/world.ts'

/**
 * For a Rekey in the process of its test. Slack and Cognito answer at once here, so that a call which takes longer
 * than usual shows only that the machine is busy. Less than the lease of a job.
 */
export const patientTimeouts: Timeouts = { slackMs: 40_000, lookUpMs: 40_000, cognitoMs: 40_000 }
