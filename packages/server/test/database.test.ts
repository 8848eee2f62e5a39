import { describe, expect, it } from 'vitest'
import { ConfigError } from '../src/config/errors.ts'
import { readDatabase } from '../src/database.ts'

const url = 'postgres://doorward:hunter2@db.example.com:5432/doorward'

describe('readDatabase', () => {
  it.each([
    ['./data', { target: { dataDir: './data' }, secretDir: './data' }],
    [{ dataDir: '/srv/data' }, { target: { dataDir: '/srv/data' }, secretDir: '/srv/data' }],
    [url, { target: { databaseUrl: url }, secretDir: null }],
    [
      url.replace('postgres', 'postgresql'),
      { target: { databaseUrl: url.replace('postgres', 'postgresql') }, secretDir: null },
    ],
    [
      { url, dataDir: './data', poolSize: 3 },
      { target: { databaseUrl: url, poolSize: 3 }, secretDir: './data' },
    ],
  ])('reads %o', (choice, expected) => {
    expect(readDatabase(choice)).toEqual(expected)
  })

  it.each([
    '',
    'mysql://root:hunter2@db/x',
    { url: 'hunter2' },
    { url: 'http://user:hunter2@db' },
    { dataDir: '' },
  ])('refuses %o without repeating it', (choice) => {
    expect(() => readDatabase(choice)).toThrow(ConfigError)
    expect(() => readDatabase(choice)).not.toThrow(/hunter2/)
  })
})
