#!/usr/bin/env node
// Makes grader/http/generated/protobuf-fields.ts: the protobuf field numbers of the API's messages, because kubectl 1.32
// and later sends some requests (create namespace, drain) as protobuf. A kubectl carries the descriptors within itself.
//
//   npx node scripts/make-protobuf.mjs KUBECTL       KUBECTL is a kubectl binary for Linux
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { compactDefinitions } from '../grader/api/schema/schema.ts'

const binary = process.argv[2]
if (binary === undefined) {
  console.error('usage: npx node scripts/make-protobuf.mjs KUBECTL')
  process.exit(2)
}

/** What is kept: these messages and all that they are made of. */
const ROOTS = [
  /^api\.(core|apps|batch|coordination|networking|policy|rbac|scheduling|node|storage)\.v1\.(ConfigMap|Event|LimitRange|Namespace|Node|Pod|ResourceQuota|Secret|ServiceAccount|Service|ControllerRevision|DaemonSet|Deployment|ReplicaSet|CronJob|Job|Lease|NetworkPolicy|RuntimeClass|PodDisruptionBudget|Eviction|ClusterRoleBinding|ClusterRole|RoleBinding|Role|PriorityClass|CSIDriver|StorageClass|Binding)$/,
  /^api\.(autoscaling\.v1\.Scale|authentication\.v1\.(TokenRequest|SelfSubjectReview)|authorization\.v1\.(Self|Local)?Subject(Access|Rules)Review)$/,
  /^apimachinery\.pkg\.(apis\.meta\.v1\.DeleteOptions|runtime\.Unknown)$/,
]

const short = (name) => name.replace(/^\.?k8s\.io\./, '')
const SCALARS = { 1: 'd', 3: 'i', 4: 'i', 5: 'i', 8: 'b', 9: 's', 12: 'y', 13: 'i' }

function* fieldsOf(bytes) {
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return Number(value)
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    if ((tag & 7) === 0) yield [tag >> 3, varint()]
    else if ((tag & 7) === 2) {
      const length = varint()
      at += length
      yield [tag >> 3, bytes.subarray(at - length, at)]
    } else throw new Error(`wire type ${tag & 7} in a descriptor`)
  }
}

/** Every file descriptor is gzipped somewhere in the binary. */
function descriptors(file) {
  const data = fs.readFileSync(file)
  const magic = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0])
  const found = []
  for (let at = data.indexOf(magic); at >= 0; at = data.indexOf(magic, at + magic.length)) {
    const inflated = zlib.inflateRawSync(data.subarray(at + 10, at + 400_000))
    if (
      inflated[0] === 0x0a &&
      inflated
        .subarray(2, 2 + inflated[1])
        .toString()
        .startsWith('k8s.io/')
    )
      found.push(inflated)
  }
  return found
}

const messages = {}
const mapValues = {}

function typeOf(field) {
  if (field.type === 11)
    return mapValues[field.typeName] === undefined ? field.typeName : `{}${mapValues[field.typeName]}`
  if (SCALARS[field.type] === undefined)
    throw new Error(`type ${field.type} of ${field.name} has no place in the tables`)
  return SCALARS[field.type]
}

function readField(bytes) {
  const parts = Object.fromEntries(fieldsOf(bytes))
  const text = (n) => parts[n]?.toString() ?? ''
  return { name: text(1), number: parts[3], repeated: parts[4] === 3, type: parts[5], typeName: short(text(6)) }
}

function readMessage(bytes, prefix) {
  const parts = [...fieldsOf(bytes)]
  const name = `${prefix}.${parts.find(([n]) => n === 1)[1].toString()}`
  for (const [n, nested] of parts) if (n === 3) readMessage(nested, name)
  const isMapEntry = parts.some(
    ([n, options]) => n === 7 && [...fieldsOf(options)].some(([o, on]) => o === 7 && on === 1),
  )
  const fields = parts.filter(([n]) => n === 2).map(([, field]) => readField(field))
  if (isMapEntry) mapValues[name] = typeOf(fields.find((field) => field.number === 2))
  else messages[name] = fields
}

for (const file of descriptors(binary)) {
  const parts = [...fieldsOf(file)]
  const prefix = short(parts.find(([n]) => n === 2)[1].toString())
  for (const [n, message] of parts) if (n === 4) readMessage(message, prefix)
}

/** Structs that Go embeds are messages of their own on the wire and nothing at all in JSON. */
function isInline(message, field) {
  const schema = compactDefinitions()[`io.k8s.${message}`]
  if (schema?.p === undefined || field.type !== 11 || field.name in schema.p || field.repeated) return false
  // An embedded struct's field is called after its type: volumeSource, handler (of ProbeHandler).
  return field.typeName.toLowerCase().endsWith(field.name.toLowerCase())
}

const out = {}
const queue = Object.keys(messages).filter((name) => ROOTS.some((root) => root.test(name)))
for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
  if (out[name] !== undefined || messages[name] === undefined) continue
  out[name] = {}
  for (const field of messages[name]) {
    const type = typeOf(field)
    const mark = type.startsWith('{}') ? '' : field.repeated ? '[]' : isInline(name, field) ? '^' : ''
    out[name][field.number] = [field.name, mark + type]
    const inner = type.replace(/^\{\}/, '')
    if (inner.length > 1) queue.push(inner)
  }
}
const sorted = Object.fromEntries(
  Object.keys(out)
    .sort()
    .map((name) => [name, out[name]]),
)
const json = JSON.stringify(sorted)
const target = path.join(import.meta.dirname, '..', 'grader', 'http', 'generated', 'protobuf-fields.ts')
fs.writeFileSync(
  target,
  `// Generated by scripts/make-protobuf.mjs from the descriptors in kubectl 1.33. Do not edit; see NOTICE.\n/** Per message and field number: name and type, as JSON. protobuf.ts says how a type is written. */\nexport const PROTOBUF_FIELDS_JSON: string =\n  '${json.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'\n`,
)
console.log(`${Object.keys(sorted).length} messages, ${json.length} bytes`)
