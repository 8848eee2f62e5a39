/**
 * What a query plan says that costs more the larger a table is: reading it from end to end, also by way of an
 * index, and sorting.
 */

/** From the lines of SQLite's EXPLAIN QUERY PLAN. */
export function sqliteFaults(plan: readonly string[]): readonly string[] {
  return plan.filter((line) => {
    const scanned = /^SCAN (\S+)/.exec(line)?.[1]
    // What an index has ordered but for the last column is sorted a few rows at a time.
    if (scanned === undefined) return /^USE TEMP B-TREE (?!FOR LAST TERM)/.test(line)
    // Of a subquery's rows, which its own lines tell of, or of none at all.
    return scanned !== 'CONSTANT' && !plan.includes(`CO-ROUTINE ${scanned}`)
  })
}

/** A node of PostgreSQL's EXPLAIN (FORMAT JSON). */
export type PlanNode = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly PlanNode[]
}

/** From the root of PostgreSQL's plan. */
export function postgresFaults(node: PlanNode): readonly string[] {
  const type = node['Node Type']
  // 'Incremental Sort' is of a few rows at a time, which an index has ordered but for the last column.
  const whole =
    type === 'Seq Scan' || type === 'Sort' || (type.includes('Index') && node['Index Cond'] === undefined)
  const own = whole ? [`${type} ${node['Relation Name'] ?? node['Index Name'] ?? ''}`] : []
  return [...own, ...(node.Plans ?? []).flatMap(postgresFaults)]
}
