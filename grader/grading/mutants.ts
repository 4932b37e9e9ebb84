// Systematic mutants of a right answer: each field that decides something is dropped, changed and added. A lab whose
// goals let a mutant pass that behaves otherwise does not check what it teaches.
import type { Json, JsonObject } from '../api/meta.ts'
import type { Edit } from './grade.ts'
import { valueAt } from './json-edit.ts'

export interface Mutant {
  readonly edit: Edit
  /** `drop spec.template.spec.tolerations[0].effect` */
  readonly name: string
}

/** Fields that only name or describe: dropping them changes no decision. */
const SILENT =
  /^(apiVersion|kind|status)|(^|\.)(annotations|generateName|creationTimestamp|uid|resourceVersion|managedFields)\b/
const SPEC = 'spec.template.spec'
const AFFINITY = `${SPEC}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`

/** Every mutant of the object by one edit, in a written order, none twice. */
export function mutantsOf(object: JsonObject): readonly Mutant[] {
  const mutants = new Map<string, Mutant>()
  const add = (edit: Edit) => {
    const name = nameOf(edit)
    if (edit.op === 'replace' && JSON.stringify(valueAt(object, edit.path)) === JSON.stringify(edit.value)) return
    if (!mutants.has(name)) mutants.set(name, { edit, name })
  }
  for (const path of pathsOf(object)) add({ op: 'remove', path })
  for (const path of pathsOf(object))
    for (const value of changesOf(path, valueAt(object, path))) add({ op: 'replace', path, value })
  for (const edit of additionsTo(object)) add(edit)
  return [...mutants.values()]
}

function nameOf({ op, path, value }: Edit): string {
  const shown = value === undefined ? '' : ` ${JSON.stringify(value)}`
  return op === 'remove' ? `drop ${path}` : op === 'add' ? `add ${path}${shown}` : `change ${path} to${shown}`
}

/** Paths of all values below metadata and spec, outside first. */
function pathsOf(object: JsonObject): readonly string[] {
  const paths: string[] = []
  const walk = (value: Json, path: string) => {
    if (path !== '' && !SILENT.test(path) && path !== 'metadata' && path !== 'spec') paths.push(path)
    if (Array.isArray(value)) (value as readonly Json[]).forEach((item, i) => void walk(item, `${path}[${i}]`))
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner as Json, childOf(path, key))
  }
  walk(object, '')
  return paths
}

const childOf = (path: string, key: string): string =>
  path === '' ? key : /^[A-Za-z]\w*$/.test(key) ? `${path}.${key}` : `${path}[${key}]`

const CHANGES: readonly (readonly [RegExp, (value: Json) => readonly Json[]])[] = [
  [/tolerations\[\d+\]\.effect$/, () => ['NoSchedule', 'PreferNoSchedule', 'NoExecute']],
  [/tolerations\[\d+\]\.operator$/, () => ['Equal', 'Exists']],
  [/tolerations\[\d+\]\.(key|value)$/, (value) => [`${String(value)}-x`]],
  [/tolerations$/, () => [[{ operator: 'Exists' }], [{ operator: 'Exists', effect: 'NoSchedule' }]]],
  [/matchExpressions\[\d+\]\.operator$/, () => ['In', 'NotIn', 'Exists', 'DoesNotExist']],
  [/matchExpressions\[\d+\]\.key$/, (value) => [`${String(value)}-x`]],
  [/\.values\[\d+\]$/, (value) => [`${String(value)}-x`]],
  [/nodeSelector\[?[^.]*$/, (value) => (typeof value === 'string' ? [`${value}-x`] : [])],
  [/updateStrategy$/, () => [{ type: 'OnDelete' }]],
  [/updateStrategy\.type$/, () => ['OnDelete', 'RollingUpdate']],
  [/maxUnavailable$/, () => [0, 1, 2, '50%', '100%']],
  [/maxSurge$/, () => [0, 1, '50%']],
  [/minReadySeconds$/, (value) => [0, Number(value) * 100]],
  [/requests\.cpu$/, () => ['1m', '3', '100']],
  [/requests\.memory$/, () => ['1Mi', '7Gi', '1Ti']],
  [/limits\.(cpu|memory)$/, (value) => (String(value).endsWith('i') ? ['1Mi'] : ['1m'])],
  [/\.image$/, () => ['registry.example/never-ready:1', 'registry.example/pull-error:1']],
  [/^metadata\.(name|namespace)$/, (value) => [`${String(value)}-x`]],
  [
    /\.(hostNetwork|hostPID|hostIPC|privileged|readOnlyRootFilesystem|runAsNonRoot|allowPrivilegeEscalation|readOnly)$/,
    (value) => [value !== true],
  ],
  [
    /\.(serviceAccountName|priorityClassName|runtimeClassName|nodeName|schedulerName)$/,
    (value) => [`${String(value)}-x`],
  ],
  [/\.(hostPort|containerPort)$/, (value) => [Number(value) + 1]],
  [/hostPath\.type$/, () => ['Directory', 'DirectoryOrCreate', 'File', 'Socket']],
  [/hostPath\.path$/, (value) => [`${String(value)}-x`]],
  [/matchLabels\[?[^.]*$/, (value) => (typeof value === 'string' ? [`${value}-x`] : [])],
  [/template\.metadata\.labels\[?[^.]*$/, (value) => (typeof value === 'string' ? [`${value}-x`] : [])],
  [/dnsPolicy$/, () => ['Default', 'ClusterFirst', 'ClusterFirstWithHostNet']],
  [/mountPropagation$/, () => ['None', 'HostToContainer', 'Bidirectional']],
]

function changesOf(path: string, value: Json | undefined): readonly Json[] {
  return value === undefined
    ? []
    : CHANGES.filter(([pattern]) => pattern.test(path)).flatMap(([, values]) => values(value))
}

/** What people add and should not, or need not. */
function additionsTo(object: JsonObject): readonly Edit[] {
  const spec = valueAt(object, SPEC)
  if (typeof spec !== 'object' || spec === null) return []
  const has = (path: string) => valueAt(object, path) !== undefined
  const fields: readonly (readonly [string, Json])[] = [
    [`${SPEC}.nodeSelector`, { 'nodewise.dev/absent': 'yes' }],
    [
      `${SPEC}.affinity`,
      {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'nodewise.dev/absent', operator: 'Exists' }] }],
          },
        },
      },
    ],
    [`${SPEC}.nodeName`, 'w-1'],
    [`${SPEC}.hostNetwork`, true],
    [`${SPEC}.priorityClassName`, 'nowhere'],
    [`${SPEC}.serviceAccountName`, 'nowhere'],
    ['spec.updateStrategy', { type: 'OnDelete' }],
    ['spec.minReadySeconds', 3000],
    [`${SPEC}.containers[0].resources`, { requests: { cpu: '100' } }],
  ]
  return [
    { op: 'add', path: `${SPEC}.tolerations/-`, value: { operator: 'Exists' } },
    ...fields.filter(([path]) => !has(path)).map(([path, value]): Edit => ({ op: 'add', path, value })),
    ...(has(AFFINITY)
      ? [
          {
            op: 'add' as const,
            path: `${AFFINITY}/-`,
            value: { matchExpressions: [{ key: 'kubernetes.io/os', operator: 'Exists' }] },
          },
        ]
      : []),
  ]
}
