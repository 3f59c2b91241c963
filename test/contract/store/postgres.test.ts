import { describe } from 'vitest'
import { postgresBench } from '../../support/store/bench.ts'
import { everySuite } from './suite/every.ts'

describe('PostgreSQL', () => everySuite(postgresBench()))
