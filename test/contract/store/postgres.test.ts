import { describe } from 'vitest'
import { postgresBench } from './suite/bench.ts'
import { everySuite } from './suite/every.ts'

describe('PostgreSQL', () => everySuite(postgresBench()))
