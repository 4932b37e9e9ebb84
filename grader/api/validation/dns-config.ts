// Name resolution inside Pods. Upstream: validatePodDNSConfig and ValidateHostAliases of pkg/apis/core/validation.
import type { PodSpec } from '../core.ts'
import { type FieldError, invalid, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { checkFormat, NONE } from './field-checks.ts'
import { byteLength, isDns1123Subdomain, isDns1123SubdomainWithUnderscore } from './format.ts'
import { validateLegacyIp } from './ip-address.ts'

export interface DnsConfig {
  readonly nameservers?: readonly string[]
  readonly searches?: readonly string[]
  readonly options?: readonly { readonly name?: string; readonly value?: string }[]
}

/** Servers, search domains and options; with dnsPolicy None a server must be given. */
export function validateDnsConfig(
  given: PodSpec['dnsConfig'],
  policy: string | undefined,
  path: FieldPath,
): readonly FieldError[] {
  const config = given as DnsConfig | undefined
  const { nameservers = [], searches = [], options = [] } = config ?? {}
  if (policy === 'None') {
    if (config === undefined) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')]
    if (nameservers.length === 0)
      return [required(child(path, 'nameservers'), 'must provide at least one DNS nameserver when `dnsPolicy` is None')]
  }
  if (config === undefined) return NONE
  const errors: FieldError[] = []
  if (nameservers.length > 3)
    errors.push(invalid(child(path, 'nameservers'), nameservers, 'must not have more than 3 nameservers'))
  nameservers.forEach((server, i) => {
    errors.push(...validateLegacyIp(server, index(child(path, 'nameservers'), i)))
  })
  const at = child(path, 'searches')
  if (searches.length > 32) errors.push(invalid(at, searches, 'must not have more than 32 search paths'))
  if (byteLength(searches.join(' ')) > 2048)
    errors.push(invalid(at, searches, 'must not have more than 2048 characters (including spaces) in the search list'))
  searches.forEach((search, i) => {
    if (search !== '.')
      errors.push(...checkFormat(search.replace(/\.$/, ''), isDns1123SubdomainWithUnderscore, index(at, i)))
  })
  options.forEach((option, i) => {
    if ((option.name ?? '') === '') errors.push(required(index(child(path, 'options'), i), 'must not be empty'))
  })
  return errors
}

/** Lines of /etc/hosts. */
export function validateHostAliases(aliases: PodSpec['hostAliases'], path: FieldPath): readonly FieldError[] {
  return (aliases ?? []).flatMap((alias, i) => [
    ...validateLegacyIp(alias.ip ?? '', child(index(path, i), 'ip')),
    ...(alias.hostnames ?? []).flatMap((name, j) =>
      checkFormat(name, isDns1123Subdomain, index(child(index(path, i), 'hostnames'), j)),
    ),
  ])
}
