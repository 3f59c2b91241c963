import { describe } from 'vitest'
import { postgresBench } from './bench.ts'
import { everySuite } from './every.ts'

describe('PostgreSQL', () => everySuite(postgresBench()))
