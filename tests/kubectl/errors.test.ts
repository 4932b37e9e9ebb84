import { describe, expect, it } from 'vitest'
import { promptOf } from './small-cluster.ts'

// Texts: around-daemonsets.md 6.12, read in kubectl's sources or recorded.
const rows: readonly (readonly [line: string, stderr: string])[] = [
  ['get nope', `error: the server doesn't have a resource type "nope"\n`],
  ['explain nope', `the server doesn't have a resource type "nope"\n`],
  ['get ds nope', 'Error from server (NotFound): daemonsets.apps "nope" not found\n'],
  ['get pod/', 'error: arguments in resource/name form must have a single resource and name\n'],
  ['get pod a%b', `error: invalid resource name "a%b": [may not contain '%']\n`],
  ['get pods x -l a=b', 'error: name cannot be provided when a selector is specified\n'],
  ['get pod x -A', 'error: a resource cannot be retrieved by name across all namespaces\n'],
  [
    'get pod/a b',
    "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n",
  ],
  [
    'describe',
    'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n',
  ],
  [
    'delete',
    "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'\n",
  ],
  ['gte pods', 'error: unknown command "gte" for "kubectl"\n\nDid you mean this?\n\tget\n'],
  ['rollout statu ds/x', `error: unknown command "statu ds/x"\nSee 'kubectl rollout -h' for help and examples\n`],
  ['create daemonset x --image=i', "error: unknown flag: --image\nSee 'kubectl create --help' for usage.\n"],
  ['create deployment web', 'error: required flag(s) "image" not set\n'],
  ['get pods --foo', "error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n"],
  ['get pods -z', "error: unknown shorthand flag: 'z' in -z\nSee 'kubectl get --help' for usage.\n"],
  ['get pods --namespace', "error: flag needs an argument: --namespace\nSee 'kubectl get --help' for usage.\n"],
  ['get pods -n', "error: flag needs an argument: 'n' in -n\nSee 'kubectl get --help' for usage.\n"],
  [
    'scale deploy x --replicas=a',
    `error: invalid argument "a" for "--replicas" flag: strconv.ParseInt: parsing "a": invalid syntax\nSee 'kubectl scale --help' for usage.\n`,
  ],
  ['apply', 'error: must specify one of -f and -k\n'],
  ['apply -f x.yaml', 'error: the path "x.yaml" does not exist\n'],
  ['apply -f empty.yaml', 'error: no objects passed to apply\n'],
  ['apply -f ds.yaml extra', "error: Unexpected args: [extra]\nSee 'kubectl apply -h' for help and examples\n"],
  ['apply -f ds.yaml --force-conflicts', 'error: --force-conflicts only works with --server-side\n'],
  [
    'apply -f ds.yaml --validate=x',
    'error: invalid - validate option "x"; must be one of: strict (or true), warn, ignore (or false)\n',
  ],
  ['apply -f ds.yaml --dry-run=x', 'error: Invalid dry-run value (x). Must be "none", "server", or "client".\n'],
  [
    'apply -f other.yaml -n b',
    `error: the namespace from the provided object "a" does not match the namespace "b". You must pass '--namespace=a' to perform this operation.\n`,
  ],
  ['taint nodes w-1', 'error: at least one taint update is required\n'],
  ['taint nodes w-1 nope-', 'error: taint "nope" not found\n'],
  [
    'taint nodes w-1 a=b:Nope',
    "error: invalid taint effect: Nope, unsupported taint effect\nSee 'kubectl taint -h' for help and examples\n",
  ],
  [
    'taint nodes w-1 a=b:NoSchedule a=b:NoExecute a- a:NoExecute-',
    'error: can not both modify and remove the following taint(s) in the same command: {"a":""}, {"a":""}, {"a":"NoExecute"}\n',
  ],
  ['taint pods w-1 a=b:NoSchedule', 'error: invalid resource type pods, only node types are supported\n'],
  ['label node w-1 a=b=c', 'error: invalid label spec: a=b=c\n'],
  ['label node w-1', 'error: at least one label update is required\n'],
  ['label node w-1 a=b a-', 'error: can not both modify and remove a label in the same command\n'],
  ['cordon', "error: USAGE: cordon NODE [flags]\nSee 'kubectl cordon -h' for help and examples\n"],
  [
    'drain w-1 -l a=b',
    "error: cannot specify both a node name and a --selector option\nSee 'kubectl drain -h' for help and examples\n",
  ],
  ['drain w-1 --pod-selector=a=b=c', 'error: --pod-selector=<pod_selector> must be a valid label selector\n'],
  [
    'drain w-1 --delete-local-data',
    "error: unknown flag: --delete-local-data\nSee 'kubectl drain --help' for usage.\n",
  ],
  ['delete pods', 'error: resource(s) were provided, but no name was specified\n'],
  ['delete pods --all -l a=b', 'error: cannot set --all and --selector at the same time\n'],
  [
    'delete pod x --force --grace-period=5',
    'error: --force and --grace-period greater than 0 cannot be specified together\n',
  ],
  ['logs nope', 'error: error from server (NotFound): pods "nope" not found in namespace "default"\n'],
  [
    'exec p ls',
    "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples\n",
  ],
  ['expose ds agent --port=80', 'Error from server (NotFound): daemonsets.apps "agent" not found\n'],
  ['top nodes', 'error: Metrics API not available\n'],
  [
    'get ds -o nope',
    `error: unable to match a printer suitable for the output format "nope", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml\n`,
  ],
]

const VALIDATING = 'error: error validating "x.yaml": error validating data: '
const TURN_OFF = '; if you choose to ignore these errors, turn validation off with --validate=false\n'

// Upstream: kubectl/pkg/validation (getObjectKind), unstructured's decoder, client-go's Request.
const documents: readonly (readonly [document: string, line: string, stderr: string])[] = [
  ['kind: Pod', 'apply -f x.yaml', `${VALIDATING}apiVersion not set${TURN_OFF}`],
  ['{apiVersion: 1, kind: Pod}', 'create -f x.yaml', `${VALIDATING}apiVersion isn't string type${TURN_OFF}`],
  ['{apiVersion: v1, kind: true}', 'apply -f x.yaml', `${VALIDATING}kind isn't string type${TURN_OFF}`],
  ['{apiVersion: 1}', 'apply -f x.yaml', `${VALIDATING}[apiVersion isn't string type, kind not set]${TURN_OFF}`],
  [
    '{apiVersion: a/b/c, kind: Pod}',
    'apply -f x.yaml',
    `${VALIDATING}unexpected GroupVersion string: a/b/c${TURN_OFF}`,
  ],
  [
    '{kind: "", apiVersion: v1}',
    'apply -f x.yaml',
    `error: unable to decode "x.yaml": Object 'Kind' is missing in '{"apiVersion":"v1","kind":""}'\n`,
  ],
  [
    '{apiVersion: "", kind: Pod, metadata: {name: x}}',
    'apply -f x.yaml',
    'error: resource mapping not found for name: "x" namespace: "" from "x.yaml": no matches for kind "Pod" in version ""\nensure CRDs are installed first\n',
  ],
  [
    '{apiVersion: v1, kind: ConfigMap, metadata: {name: 200%}}',
    'apply -f x.yaml',
    `error: error when retrieving current configuration of:\nResource: "/v1, Resource=configmaps", GroupVersionKind: "/v1, Kind=ConfigMap"\nName: "200%", Namespace: "default"\nfrom server for: "x.yaml": invalid resource name "200%": [may not contain '%']\n`,
  ],
  [
    '{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: a/b}}',
    'create -f x.yaml',
    `error: error when creating "x.yaml": invalid namespace "a/b": [may not contain '/']\n`,
  ],
]

describe('kubectl says what is wrong in its own words', () => {
  const kubectl = promptOf({
    'empty.yaml': '# nothing\n',
    'other.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: a}\n',
  })
  it.each(rows)('%s', (line, stderr) => {
    expect(kubectl(`kubectl ${line}`)).toMatchObject({ stderr, exitCode: 1 })
  })
  it.each(documents)('%s: %s', (document, line, stderr) => {
    expect(promptOf({ 'x.yaml': document })(`kubectl ${line}`)).toMatchObject({ stderr, exitCode: 1 })
  })
  it.each(['create -f x.yaml', 'apply -f x.yaml', 'replace --force -f x.yaml', 'create -f x.yaml --dry-run=server'])(
    '%s leaves the version of an object from elsewhere out',
    (line) => {
      const exported = '{apiVersion: v1, kind: ConfigMap, metadata: {name: x, resourceVersion: "4313"}}'
      expect(promptOf({ 'x.yaml': exported })(`kubectl ${line}`)).toMatchObject({ stderr: '', exitCode: 0 })
    },
  )
  it.each([
    ['diff -f nope.yaml', 2],
    ['diff', 2],
    ['diff -f ds.yaml', 1],
    ['rollout', 1],
    ['set', 1],
    ['--help', 0],
  ] as const)('%s exits with %i', (line, exitCode) => {
    expect(kubectl(`kubectl ${line}`).exitCode).toBe(exitCode)
  })
  it('get without a type explains itself in four lines', () => {
    expect(kubectl('kubectl get').stderr).toBe(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n' +
        'error: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\n' +
        "See 'kubectl get -h' for help and examples\n",
    )
  })
})
