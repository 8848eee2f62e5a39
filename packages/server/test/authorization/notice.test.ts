import { github } from '@doorward/client/providers'
import { describe, expect, it } from 'vitest'
import { NOTICE_PARAMETER, noticeQuery, readNotice } from '../../src/authorization/notice.ts'

const providers = [{ ...github({ clientId: 'c', clientSecret: 's' }), linkByEmail: true }]
const KINDS = ['denied', 'linked'] as const
const read = (text: string) => readNotice(new URLSearchParams({ [NOTICE_PARAMETER]: text }), KINDS, providers)

describe('the word about a sign-in with a provider', () => {
  it('comes back by its name', () => {
    const query = noticeQuery({ kind: 'denied', provider: 'github' })
    expect(readNotice(query, KINDS, providers)).toEqual({ kind: 'denied', provider: 'GitHub' })
  })

  it.each(['', 'last.github', '<b>.github'])('says nothing of what it does not know: %s', (text) =>
    expect(read(text)).toBeNull(),
  )

  it.each(['denied', 'denied.', 'denied.Your bank', 'denied.nobody'])('has no name but ours: %s', (text) =>
    expect(read(text)).toEqual({ kind: 'denied', provider: null }),
  )
})
