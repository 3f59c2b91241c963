import { describe } from 'vitest'
import { sqliteBench } from '../../support/store/bench.ts'
import { everySuite } from './suite/every.ts'

describe('SQLite', () => everySuite(sqliteBench()))
