import type { ContenderResult, GaugeResult, Round, RowResult } from '../../benchmarks/src/results.ts'

/** A turn of `requests` in one CPU-second, two seconds long. */
export const round = (requests: number, other: Partial<Round> = {}): Round => ({
  requests,
  cpuSeconds: 1,
  seconds: 2,
  badStatus: 0,
  socketErrors: 0,
  wrongAnswers: 0,
  p50Ms: 4,
  p99Ms: 20,
  othersShare: 0,
  ...other,
})

export const contender = (
  name: string,
  rounds: readonly Round[],
  other: Partial<ContenderResult> = {},
): ContenderResult => ({
  name,
  kind: name === 'Doorward' ? 'doorward' : 'peer',
  note: 'as it comes',
  version: '1.0.0',
  missing: null,
  rounds,
  ...other,
})

export const row = (contenders: readonly ContenderResult[], other: Partial<RowResult> = {}): RowResult => ({
  id: 'work',
  group: 'token',
  title: 'some work',
  surroundings: {
    measuredAt: '2026-11-24T10:00:00.000Z',
    cpu: 'A processor',
    cores: 2,
    node: '24.21.0',
    kernel: '6.1.0',
    revision: '0123456789ab',
    rounds: 3,
    seconds: 4,
    warmUpSeconds: 6,
    connections: 32,
  },
  targets: [{ against: 'peer', atLeast: 2 }],
  contenders,
  ...other,
})

/** A start that may take a second, measured as often as there are `values`. */
export const gauge = (values: readonly number[], other: Partial<GaugeResult> = {}): GaugeResult => ({
  id: 'start',
  group: 'start',
  title: 'a start',
  note: 'from here to there',
  unit: 's',
  atMost: 1,
  version: '1.0.0',
  surroundings: row([]).surroundings,
  readings: values.map((value) => ({ value, parts: {} })),
  ...other,
})
