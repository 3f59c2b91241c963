import { describe } from 'vitest'
import { sqliteBench } from './suite/bench.ts'
import { everySuite } from './suite/every.ts'

describe('SQLite', () => everySuite(sqliteBench()))
