// The shapes of names, keys and numbers that the API server accepts, with its words for those it does not.
// Upstream: k8s.io/apimachinery/pkg/util/validation and pkg/api/validate/content.

/** Returns what is wrong with the text, in upstream's words; nothing wrong: an empty list. */
export type FormatRule = (text: string) => readonly string[]

/** A rule for object names. `prefix`: the name is a generateName, so a dash may end it. */
export type NameRule = (name: string, prefix: boolean) => readonly string[]

const NOTHING: readonly string[] = []
const DNS1123_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const DNS1123_SUBDOMAIN = `${DNS1123_LABEL}(\\.${DNS1123_LABEL})*`
const DNS1123_LABEL_UNDERSCORE = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const DNS1123_SUBDOMAIN_UNDERSCORE = `${DNS1123_LABEL_UNDERSCORE}(\\.${DNS1123_LABEL_UNDERSCORE})*`
const DNS1035_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?'
const LABEL_KEY_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const LABEL_VALUE = `(${LABEL_KEY_NAME})?`
const PERCENT = '[0-9]+%'
const HTTP_HEADER = '[-A-Za-z0-9]+'
const CONFIG_KEY = '[-._a-zA-Z0-9]+'

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)
const dns1123Label = whole(DNS1123_LABEL)
const dns1123Subdomain = whole(DNS1123_SUBDOMAIN)
const dns1123SubdomainUnderscore = whole(DNS1123_SUBDOMAIN_UNDERSCORE)
const dns1035Label = whole(DNS1035_LABEL)
const labelKeyName = whole(LABEL_KEY_NAME)
const labelValue = whole(LABEL_VALUE)
const percent = whole(PERCENT)
const httpHeader = whole(HTTP_HEADER)
const configKey = whole(CONFIG_KEY)

/** `«message» (e.g. 'a',  or 'b', regex used for validation is '…')`: upstream writes two blanks before each "or". */
export function regexError(message: string, pattern: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${pattern}')`
}

export const inclusiveRangeError = (low: number, high: number): string =>
  `must be between ${low} and ${high}, inclusive`
const tooManyCharacters = (length: number): string => `must be no more than ${length} characters`
const tooManyBytes = (length: number): string => `must be no more than ${length} bytes`

/** Length in UTF-8 bytes, which is what Go's len() counts. */
export function byteLength(text: string): number {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code <= 0xdfff ? 2 : 3
  }
  return length
}

const collect = (...findings: readonly (string | false)[]): readonly string[] => {
  const found = findings.filter((finding) => finding !== false)
  return found.length === 0 ? NOTHING : found
}

/** A DNS label (RFC 1123): container, volume and namespace names. */
export const isDns1123Label: FormatRule = (text) => {
  if (text.length <= 63 && dns1123Label.test(text)) return NOTHING
  const shape = dns1123Subdomain.test(text)
    ? 'must not contain dots'
    : regexError(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
        DNS1123_LABEL,
        'my-name',
        '123-abc',
      )
  return collect(byteLength(text) > 63 && tooManyCharacters(63), !dns1123Label.test(text) && shape)
}

/** A DNS subdomain (RFC 1123): the names of most objects. */
export const isDns1123Subdomain: FormatRule = (text) => {
  if (text.length <= 253 && dns1123Subdomain.test(text)) return NOTHING
  const shape = regexError(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    DNS1123_SUBDOMAIN,
    'example.com',
  )
  return collect(byteLength(text) > 253 && tooManyCharacters(253), !dns1123Subdomain.test(text) && shape)
}

/** A DNS subdomain that may hold underscores: the search domains of dnsConfig. */
export const isDns1123SubdomainWithUnderscore: FormatRule = (text) => {
  const shape = regexError(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
    DNS1123_SUBDOMAIN_UNDERSCORE,
    'example.com',
  )
  return collect(byteLength(text) > 253 && tooManyCharacters(253), !dns1123SubdomainUnderscore.test(text) && shape)
}

/** A DNS label that starts with a letter (RFC 1035): Service names. */
export const isDns1035Label: FormatRule = (text) => {
  const shape = regexError(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    DNS1035_LABEL,
    'my-name',
    'abc-123',
  )
  return collect(byteLength(text) > 63 && tooManyCharacters(63), !dns1035Label.test(text) && shape)
}

/** A qualified name: an optional DNS prefix, a slash, a name. Label keys, resource names, finalizers. Upstream: IsLabelKey. */
export const isLabelKey: FormatRule = (text) => {
  const slash = text.indexOf('/')
  const last = slash < 0 ? text : text.slice(slash + 1)
  const prefixed = slash < 0 || (slash > 0 && isDns1123Subdomain(text.slice(0, slash)) === NOTHING)
  if (prefixed && last.length <= 63 && labelKeyName.test(last)) return NOTHING
  const parts = text.split('/')
  const shape = regexError(
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    LABEL_KEY_NAME,
    'MyName',
    'my.name',
    '123-abc',
  )
  if (parts.length > 2)
    return [`a valid label key ${shape} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  const name = parts[parts.length - 1]!
  const found: string[] = []
  if (parts.length === 2) {
    const prefix = parts[0]!
    if (prefix === '') found.push('prefix part must be non-empty')
    else
      for (const message of isDns1123Subdomain(prefix))
        found.push(`prefix part ${message.replace('253 characters', '253 bytes')}`)
  }
  if (name === '') found.push('name part must be non-empty')
  else if (byteLength(name) > 63) found.push(`name part ${tooManyBytes(63)}`)
  if (!labelKeyName.test(name)) found.push(`name part ${shape}`)
  return found
}

/** A label's value: empty, or up to 63 harmless characters. */
export const isLabelValue: FormatRule = (text) => {
  if (text.length <= 63 && labelValue.test(text)) return NOTHING
  const shape = regexError(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    LABEL_VALUE,
    'MyValue',
    'my_value',
    '12345',
  )
  return collect(byteLength(text) > 63 && tooManyBytes(63), !labelValue.test(text) && shape)
}

/** A port's name (IANA service name): lower case, at most 15 characters, at least one letter. */
export const isPortName: FormatRule = (text) =>
  collect(
    byteLength(text) > 15 && tooManyCharacters(15),
    !/^[-a-z0-9]+$/.test(text) && 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    !/[a-z]/.test(text) && 'must contain at least one letter (a-z)',
    text.includes('--') && 'must not contain consecutive hyphens',
    (text.startsWith('-') || text.endsWith('-')) && 'must not begin or end with a hyphen',
  )

export const isPortNumber = (port: number): readonly string[] =>
  port >= 1 && port <= 65535 ? NOTHING : [inclusiveRangeError(1, 65535)]

/** A user or group id of a container. Upstream: IsValidUserID, IsValidGroupID. */
export const isUserId = (id: number): readonly string[] =>
  id >= 0 && id <= 2147483647 ? NOTHING : [inclusiveRangeError(0, 2147483647)]

export const isPercent: FormatRule = (text) =>
  percent.test(text)
    ? NOTHING
    : [regexError("a valid percent string must be a numeric string followed by an ending '%'", PERCENT, '1%', '93%')]

export const isHttpHeaderName: FormatRule = (text) =>
  httpHeader.test(text)
    ? NOTHING
    : [regexError("a valid HTTP header must consist of alphanumeric characters or '-'", HTTP_HEADER, 'X-Header-Name')]

/** The name of an environment variable: any printable ASCII but "=". Upstream: IsRelaxedEnvVarName (default since 1.32). */
export const isEnvVarName: FormatRule = (text) =>
  collect(
    text === '' && 'environment variable name must be non-empty',
    !/^[\x20-\x7e]*$/.test(text.replaceAll('=', '\u0000')) &&
      "a valid environment variable name must consist only of printable ASCII characters other than '='",
  )

/** A key of a ConfigMap or Secret. */
export const isConfigMapKey: FormatRule = (text) =>
  collect(
    byteLength(text) > 253 && tooManyCharacters(253),
    !configKey.test(text) &&
      regexError(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        CONFIG_KEY,
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    text === '.' && "must not be '.'",
    text === '..' && "must not be '..'",
    text.startsWith('..') && text !== '..' && "must not start with '..'",
  )

/** A decimal integer without leading zeros or plus sign: the values of the tolerations' Lt and Gt. */
export const isDecimalInteger: FormatRule = (text) => {
  if (text === '') return ['must be non-empty']
  return /^(0|-?[1-9][0-9]*)$/.test(text) ? NOTHING : ['must be a valid decimal integer in canonical form']
}

/** What may be one segment of a URL path: the rule for the names of RBAC objects. Upstream: path.ValidatePathSegmentName. */
export const isPathSegment: NameRule = (name, prefix) => {
  if (!/[/%]|^\.{1,2}$/.test(name)) return NOTHING
  if (!prefix && (name === '.' || name === '..')) return [`may not be '${name}'`]
  return collect(name.includes('/') && "may not contain '/'", name.includes('%') && "may not contain '%'")
}

/** Object names that are DNS subdomains. Upstream: NameIsDNSSubdomain. */
export const nameIsDnsSubdomain: NameRule = (name, prefix) => isDns1123Subdomain(prefix ? maskTrailingDash(name) : name)
/** Object names that are DNS labels: Namespaces. Upstream: NameIsDNSLabel. */
export const nameIsDnsLabel: NameRule = (name, prefix) => isDns1123Label(prefix ? maskTrailingDash(name) : name)
/** Object names that are DNS labels beginning with a letter: Services. Upstream: NameIsDNS1035Label. */
export const nameIsDns1035Label: NameRule = (name, prefix) => isDns1035Label(prefix ? maskTrailingDash(name) : name)

const maskTrailingDash = (name: string): string =>
  name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name
