import type { Runner, Step, Verb } from '../../src/storage/statement.ts'

/** A runner that also notes each statement it is asked to run. */
export function recording(run: Runner): {
  readonly run: Runner
  readonly statements: Set<Step['statement']>
} {
  const statements = new Set<Step['statement']>()
  function* note<T>(verb: Verb<T>): Verb<T> {
    let step = verb.next([])
    while (step.done !== true) {
      statements.add(step.value.statement)
      step = verb.next(yield step.value)
    }
    return step.value
  }
  return {
    statements,
    run: {
      read: (verb) => run.read(() => note(verb())),
      write: (verb) => run.write(() => note(verb())),
      writeOne: (verb) => run.writeOne(() => note(verb())),
      changedElsewhere: () => run.changedElsewhere(),
    },
  }
}
