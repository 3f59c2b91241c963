import { RowSealer } from '../../src/sealing/row-sealer.ts'
import { Secret } from '../../src/secret.ts'
import { key } from './config.ts'

/** With the key of every configuration in the tests. */
export const rowSealer = new RowSealer(new Secret(key))
