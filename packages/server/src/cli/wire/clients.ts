import type { Client } from '../../storage/records.ts'
import type { Workplace } from '../workplace.ts'
import { everyPage } from './pages.ts'

/** All clients, or those of one stretch. */
export function everyClient(
  doorward: Workplace,
  stretch: { readonly after?: string; readonly limit?: number },
): Promise<readonly Client[]> {
  return everyPage((page) => doorward.clients.list(page), stretch)
}
