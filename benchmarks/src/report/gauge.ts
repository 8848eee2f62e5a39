import type { GaugeResult } from '../results.ts'
import type { Gauge } from '../row.ts'
import { placeAndTime } from './surroundings.ts'
import { median } from './verdict.ts'

/** What became of a gauge's limit. */
export type GaugeVerdict = {
  /** The median of its readings. */
  readonly value: number
  /** How much of the limit is reached: from 1 on, it holds. */
  readonly reached: number
  readonly holds: boolean
}

/** Judges a gauge by its readings. */
export function gaugeVerdict({ readings, atMost }: GaugeResult): GaugeVerdict {
  const value = median(readings.map((reading) => reading.value))
  return { value, reached: atMost / value, holds: value <= atMost }
}

/** `0.412 s`, `97.3 MB` */
export const inUnit = (value: number, unit: Gauge['unit']): string =>
  `${value.toFixed(unit === 's' ? 3 : 1)} ${unit}`

/** A gauge for the terminal: its value, its limit, and what it is made of. */
export function gaugeTable(gauge: GaugeResult): string {
  const { title, id, unit, atMost, note, readings } = gauge
  const { value, holds } = gaugeVerdict(gauge)
  const verdict = `Doorward ${inUnit(value, unit)}, at most ${atMost} ${unit}: ${holds ? 'holds' : 'missed'}`
  const each = readings.map((reading) => `${inUnit(reading.value, unit)}${partsOf(reading.parts, unit)}`)
  return [`${title}  (${id})`, verdict, ...each, note, placeAndTime(gauge)].join('\n  ')
}

function partsOf(parts: GaugeResult['readings'][number]['parts'], unit: Gauge['unit']): string {
  const named = Object.entries(parts).map(([name, value]) => `${name} ${inUnit(value, unit)}`)
  return named.length === 0 ? '' : ` (${named.join(', ')})`
}
