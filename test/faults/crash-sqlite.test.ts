import { crashMatrix } from './crash-matrix.ts'

crashMatrix('SQLite', 0, async () => undefined)
