export type { Auth } from './auth.ts'
export type { Rejection } from './guard.ts'
export {
  type AnswerOptions,
  GuardOptionError,
  type GuardOptions,
  type RequirementOptions,
  type VerifierOptions,
} from './options.ts'
export { IssuerError, type Refusal } from './refusal.ts'
export { createVerifier, type Verdict, type Verifier } from './verifier.ts'
