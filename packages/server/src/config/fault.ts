import type * as z from 'zod'

/** Own words by kind of fault; none repeats the value, which may be a secret in the wrong place. */
export function faultOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${KINDS[issue.expected] ?? issue.expected}`
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}${unit(issue.origin)}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}${unit(issue.origin)}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  return /^(?:must|is not) /.test(issue.message) ? issue.message : `is not valid: ${issue.message}`
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  object: 'an object of settings',
}

function unit(origin: string): string {
  return origin === 'string' ? ' characters long' : ''
}
