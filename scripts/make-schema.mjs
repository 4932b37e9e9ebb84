#!/usr/bin/env node
// Makes the schema tables of grader/api/schema/generated/ from Kubernetes' OpenAPI v3 documents.
//
//   node scripts/make-schema.mjs FOLDER       FOLDER holds api-v1.json, apis-apps-v1.json, … of one Kubernetes version
//
// structure.ts holds what decoding, patching, explain and /openapi/v3 need; descriptions.ts holds the prose. Each file
// exports one JSON text, so that neither the compiler nor a bundler has to look inside. How a table is read is said in
// grader/api/schema/schema.ts.
import fs from 'node:fs'
import path from 'node:path'

const folder = process.argv[2]
if (folder === undefined) {
  console.error('usage: node scripts/make-schema.mjs FOLDER')
  process.exit(2)
}

const target = path.join(import.meta.dirname, '..', 'grader', 'api', 'schema', 'generated')

/** What is kept: these kinds, their lists, and all that they are made of. */
const ROOTS = [
  /^io\.k8s\.api\.(core|apps|batch|coordination|networking|policy|rbac|scheduling)\.v1\.(ConfigMap|Event|LimitRange|Namespace|Node|Pod|PodTemplate|ResourceQuota|Secret|ServiceAccount|Service|PersistentVolume|PersistentVolumeClaim|ReplicationController|ControllerRevision|DaemonSet|Deployment|ReplicaSet|StatefulSet|CronJob|Job|Lease|NetworkPolicy|Ingress|IngressClass|PodDisruptionBudget|ClusterRoleBinding|ClusterRole|RoleBinding|Role|PriorityClass)(List)?$/,
  /^io\.k8s\.api\.(autoscaling\.v1\.Scale|policy\.v1\.Eviction|core\.v1\.Binding|authentication\.v1\.TokenRequest|authorization\.v1\.SelfSubjectAccessReview)$/,
  /^io\.k8s\.apimachinery\.pkg\.apis\.meta\.v1\.(Status|DeleteOptions|APIResourceList|WatchEvent|Patch|MicroTime|Time)$/,
]

const PREFIX = '#/components/schemas/'
const SHORT = {
  type: 't',
  format: 'f',
  default: 'd',
  enum: 'e',
  required: 'r',
  'x-kubernetes-patch-merge-key': 'pk',
  'x-kubernetes-patch-strategy': 'ps',
  'x-kubernetes-list-type': 'lt',
  'x-kubernetes-list-map-keys': 'lk',
  'x-kubernetes-map-type': 'mt',
  'x-kubernetes-unions': 'un',
  'x-kubernetes-group-version-kind': 'k',
  oneOf: 'o',
}

const documents = fs
  .readdirSync(folder)
  .filter((name) => /^apis?-.*\.json$/.test(name))
  .sort()
const all = {}
let version = ''
for (const name of documents) {
  const document = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))
  version = document.info?.version ?? version
  for (const [key, schema] of Object.entries(document.components?.schemas ?? {})) {
    // Every group repeats the shared definitions; the kinds they name differ, so all of those are put together.
    const seen = all[key]
    const kinds = [
      ...(seen?.['x-kubernetes-group-version-kind'] ?? []),
      ...(schema['x-kubernetes-group-version-kind'] ?? []),
    ]
    const unique = [...new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, kind])).values()]
    all[key] = { ...schema, ...(unique.length > 0 ? { 'x-kubernetes-group-version-kind': unique } : {}) }
  }
}

function refOf(schema) {
  const ref = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0].$ref : undefined)
  return ref?.startsWith(PREFIX) ? ref.slice(PREFIX.length) : undefined
}

function compact(schema, where) {
  const out = {}
  const ref = refOf(schema)
  if (ref !== undefined) out.$ = ref
  for (const [key, value] of Object.entries(schema)) {
    if (['description', '$ref', 'allOf', 'properties', 'items', 'additionalProperties'].includes(key)) continue
    if (SHORT[key] === undefined) throw new Error(`${where}: ${key} has no place in the tables`)
    out[SHORT[key]] = key === 'x-kubernetes-group-version-kind' ? value.map((k) => [k.group, k.version, k.kind]) : value
  }
  if (schema.allOf !== undefined && ref === undefined) throw new Error(`${where}: allOf with more than a reference`)
  if (schema.items !== undefined) out.i = compact(schema.items, `${where}[]`)
  if (schema.additionalProperties !== undefined) out.m = compact(schema.additionalProperties, `${where}{}`)
  if (schema.properties !== undefined) {
    out.p = Object.fromEntries(
      Object.entries(schema.properties).map(([name, field]) => [name, compact(field, `${where}.${name}`)]),
    )
  }
  return out
}

function refsIn(schema, out = []) {
  const ref = refOf(schema)
  if (ref !== undefined) out.push(ref)
  for (const part of [schema.items, schema.additionalProperties, ...Object.values(schema.properties ?? {})]) {
    if (part !== undefined) refsIn(part, out)
  }
  return out
}

const wanted = Object.keys(all).filter((key) => ROOTS.some((root) => root.test(key)))
for (let i = 0; i < wanted.length; i++) {
  for (const ref of refsIn(all[wanted[i]])) if (!wanted.includes(ref)) wanted.push(ref)
}
wanted.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

const structure = {}
const descriptions = {}
for (const key of wanted) {
  structure[key] = compact(all[key], key)
  const fields = Object.fromEntries(
    Object.entries(all[key].properties ?? {})
      .filter(([, f]) => f.description !== undefined)
      .map(([name, f]) => [name, f.description]),
  )
  descriptions[key] = [all[key].description ?? '', fields]
}

const literal = (value) => `'${JSON.stringify(value).replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
function write(file, name, what, value) {
  const text = `// Generated by scripts/make-schema.mjs from Kubernetes' OpenAPI v3 documents (${version}). Do not edit; see NOTICE.
/** ${what} */
export const ${name}: string =
  ${literal(value)}
`
  fs.writeFileSync(path.join(target, file), text)
  console.log(`${file}: ${Object.keys(value).length} definitions, ${(text.length / 1024).toFixed(0)} kB`)
}

fs.mkdirSync(target, { recursive: true })
write('structure.ts', 'STRUCTURE_JSON', 'Fields, types and merge keys per definition, as JSON.', structure)
write(
  'descriptions.ts',
  'DESCRIPTIONS_JSON',
  'The prose per definition and field, as JSON. Loaded by explain and the editor only.',
  descriptions,
)
