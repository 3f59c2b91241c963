import { expect, it } from 'vitest'
import { secretHash } from '../../../src/cognito/secret-hash.ts'
import { Secret } from '../../../src/secret.ts'

const secret = new Secret(`exampleclientsecret${'0'.repeat(31)}`)

// Computed once in Node and once in Python.
it.each([
  ['diego@example.com', 'xCp/m2bNe8ld3or+eOLZSZCTIqvVdMk2w82y6ZIV7jw='],
  ['ユーザー', 'rYOTTrVgYqRgrrP+7LWPxC+AFI4/BVNc5Az6w+dMBwY='],
])('proves the secret for %s', (username, hash) => {
  expect(secretHash(username, '1example23456789', secret)).toBe(hash)
})
