import { OptionError } from '../errors.ts'

/** What personal accounts are a directory of. */
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'

/**
 * The issuer that a tenant's ID tokens name, and whether that is a template for many. Throws OptionError for a domain:
 * ID tokens name their directory by its id, so that which they come from could not be checked.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export function microsoftIssuer(tenant: string): { readonly issuer: string; readonly template: boolean } {
  const template = tenant === 'common' || tenant === 'organizations'
  const directory = tenant === 'consumers' ? PERSONAL : String(tenant).toLowerCase()
  if (template || /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(directory)) {
    return { issuer: `https://login.microsoftonline.com/${directory}/v2.0`, template }
  }
  const message = `tenant is ${JSON.stringify(tenant)}. Give the directory's id (Directory (tenant) ID), not a domain, or common, organizations or consumers.`
  throw new OptionError('tenant', message)
}
