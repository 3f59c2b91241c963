import { describe } from 'vitest'
import { sqliteBench } from './bench.ts'
import { everySuite } from './every.ts'

describe('SQLite', () => everySuite(sqliteBench()))
