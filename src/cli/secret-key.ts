/** `npm run secret-key`: prints a fresh value for REKEY_SECRET_KEY. */

import { randomBytes } from 'node:crypto'

process.stdout.write(`${randomBytes(32).toString('base64')}\n`)
