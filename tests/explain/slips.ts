// Slips that beginners make, as texts: one good manifest, and what each slip does to it.

export const GOOD = `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
  namespace: default
  labels:
    app: agent
spec:
  selector:
    matchLabels:
      app: agent
  updateStrategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 1
  template:
    metadata:
      labels:
        app: agent
    spec:
      nodeSelector:
        kubernetes.io/os: linux
      tolerations:
      - key: nvidia.com/gpu
        operator: Exists
        effect: NoSchedule
      containers:
      - name: agent
        image: registry.example/agent:1
        ports:
        - containerPort: 9100
        env:
        - name: LOG_LEVEL
          value: debug
        resources:
          requests:
            cpu: 50m
            memory: 64Mi
        volumeMounts:
        - name: logs
          mountPath: /var/log
      volumes:
      - name: logs
        hostPath:
          path: /var/log
`

export interface Slip {
  readonly says: string
  readonly text: string
  /** The first finding: its code, and the text of the line it stands on. */
  readonly code: string
  readonly line: string
  /** What the first explanation must contain. */
  readonly names: string
  /** The line after the certain fix. */
  readonly fixed?: string
}

/** Replaces what stands once in the good manifest. */
export function swap(from: string, to: string): string {
  if (GOOD.split(from).length !== 2) throw new Error(`stands ${GOOD.split(from).length - 1} times: ${from}`)
  return GOOD.replace(from, () => to)
}

const tolerations = `      tolerations:
      - key: nvidia.com/gpu
        operator: Exists
        effect: NoSchedule
`
const block = (lines: string) => swap(tolerations, lines)
const row = (
  says: string,
  text: string,
  [code, line, names, fixed]: readonly [string, string, string, string?],
): Slip => ({ says, text, code, line, names, ...(fixed === undefined ? {} : { fixed }) })

export const SLIPS: readonly Slip[] = [
  // Field names
  row('toleration for tolerations', swap('      tolerations:', '      toleration:'), [
    'UnknownField',
    'toleration:',
    '`tolerations`',
    'tolerations:',
  ]),
  row('effects for effect', swap('effect: NoSchedule', 'effects: NoSchedule'), [
    'UnknownField',
    'effects: NoSchedule',
    '`effect`',
    'effect: NoSchedule',
  ]),
  row('matchLabel for matchLabels', swap('    matchLabels:', '    matchLabel:'), [
    'UnknownField',
    'matchLabel:',
    '`matchLabels`',
    'matchLabels:',
  ]),
  row('selectors for selector', swap('  selector:', '  selectors:'), [
    'UnknownField',
    'selectors:',
    '`selector`',
    'selector:',
  ]),
  row('container for containers', swap('      containers:', '      container:'), [
    'UnknownField',
    'container:',
    '`containers`',
    'containers:',
  ]),
  row('volumeMount for volumeMounts', swap('        volumeMounts:', '        volumeMount:'), [
    'UnknownField',
    'volumeMount:',
    '`volumeMounts`',
    'volumeMounts:',
  ]),
  row('volume for volumes', swap('      volumes:', '      volume:'), [
    'UnknownField',
    'volume:',
    '`volumes`',
    'volumes:',
  ]),
  row('mountpath in small letters', swap('mountPath: /var/log', 'mountpath: /var/log'), [
    'WrongCase',
    'mountpath: /var/log',
    '`mountPath`',
    'mountPath: /var/log',
  ]),
  row('hostpath in small letters', swap('        hostPath:', '        hostpath:'), [
    'WrongCase',
    'hostpath:',
    '`hostPath`',
    'hostPath:',
  ]),
  row('nodeselector in small letters', swap('      nodeSelector:', '      nodeselector:'), [
    'WrongCase',
    'nodeselector:',
    '`nodeSelector`',
    'nodeSelector:',
  ]),
  row('nodeSelectors for nodeSelector', swap('      nodeSelector:', '      nodeSelectors:'), [
    'UnknownField',
    'nodeSelectors:',
    '`nodeSelector`',
    'nodeSelector:',
  ]),
  row('images for image', swap('        image: registry', '        images: registry'), [
    'UnknownField',
    'images: registry.example/agent:1',
    '`image`',
    'image: registry.example/agent:1',
  ]),
  row('request for requests', swap('          requests:', '          request:'), [
    'UnknownField',
    'request:',
    '`requests`',
    'requests:',
  ]),
  row('resource for resources', swap('        resources:', '        resource:'), [
    'UnknownField',
    'resource:',
    '`resources`',
    'resources:',
  ]),
  row('port for ports', swap('        ports:', '        port:'), ['UnknownField', 'port:', '`ports`', 'ports:']),
  row('metdata for metadata', swap('metadata:\n  name: agent', 'metdata:\n  name: agent'), [
    'UnknownField',
    'metdata:',
    '`metadata`',
    'metadata:',
  ]),
  row('lables for labels', swap('  labels:\n    app: agent\nspec', '  lables:\n    app: agent\nspec'), [
    'UnknownField',
    'lables:',
    '`labels`',
    'labels:',
  ]),
  row('updatestrategy in small letters', swap('  updateStrategy:', '  updatestrategy:'), [
    'WrongCase',
    'updatestrategy:',
    '`updateStrategy`',
    'updateStrategy:',
  ]),
  row('strategy, from a Deployment', swap('  updateStrategy:', '  strategy:'), [
    'UnknownField',
    'strategy:',
    '`updateStrategy`',
    'updateStrategy:',
  ]),
  row('replicas, from a Deployment', swap('  selector:', '  replicas: 3\n  selector:'), [
    'UnknownField',
    'replicas: 3',
    'no `replicas`',
  ]),
  row(
    'maxUnavailable outside rollingUpdate',
    swap('    rollingUpdate:\n      maxUnavailable: 1', '    maxUnavailable: 1'),
    ['UnknownField', 'maxUnavailable: 1', '`spec.updateStrategy.rollingUpdate.maxUnavailable`'],
  ),
  row('maxUnavailble, two letters short', swap('maxUnavailable: 1', 'maxUnavailble: 1'), [
    'UnknownField',
    'maxUnavailble: 1',
    '`maxUnavailable`',
    'maxUnavailable: 1',
  ]),
  // Indentation
  row('tolerations beside the Pod’s spec', block(tolerations.replace(/^ {2}/gm, '')), [
    'UnknownField',
    'tolerations:',
    '`spec.template.spec.tolerations`',
  ]),
  row('tolerations beside the template', block(tolerations.replace(/^ {4}/gm, '')), [
    'YamlSyntax',
    'containers:',
    'deeper',
  ]),
  row(
    'tolerations inside the container',
    swap(
      `      containers:\n      - name: agent\n`,
      '      containers:\n      - name: agent\n        tolerations: []\n',
    ),
    ['UnknownField', 'tolerations: []', '`spec.template.spec.tolerations`'],
  ),
  row(
    'nodeSelector beside the template',
    swap('      nodeSelector:\n        kubernetes.io/os: linux\n', '').replace(
      '  template:',
      '  nodeSelector: { kubernetes.io/os: linux }\n  template:',
    ),
    ['UnknownField', 'nodeSelector: { kubernetes.io/os: linux }', '`spec.template.spec.nodeSelector`'],
  ),
  row('one blank too many', swap('        effect: NoSchedule', '         effect: NoSchedule'), [
    'YamlSyntax',
    'effect: NoSchedule',
    'indent',
  ]),
  row('one blank too few', swap('        effect: NoSchedule', '       effect: NoSchedule'), [
    'YamlSyntax',
    'effect: NoSchedule',
    'indent',
  ]),
  row('image one level too far left', swap('        image: registry', '      image: registry'), [
    'YamlSyntax',
    'image: registry.example/agent:1',
    'indent',
  ]),
  row('a tab before the key', swap('      tolerations:', '\ttolerations:'), [
    'TabIndent',
    'tolerations:',
    'tab',
    'tolerations:',
  ]),
  row('a tab inside the list', swap('        operator: Exists', '\t\toperator: Exists'), [
    'TabIndent',
    'operator: Exists',
    'tab',
  ]),
  // Values
  row('NoSchedul', swap('effect: NoSchedule', 'effect: NoSchedul'), [
    'InvalidValue',
    'effect: NoSchedul',
    '`NoSchedule`',
    'effect: NoSchedule',
  ]),
  row('noSchedule in small letters', swap('effect: NoSchedule', 'effect: noSchedule'), [
    'InvalidValue',
    'effect: noSchedule',
    '`NoSchedule`',
    'effect: NoSchedule',
  ]),
  row('Exist for Exists', swap('operator: Exists', 'operator: Exist'), [
    'InvalidValue',
    'operator: Exist',
    '`Exists`',
    'operator: Exists',
  ]),
  row('Exists with a value', swap('operator: Exists', 'operator: Exists\n        value: present'), [
    'InvalidValue',
    'operator: Exists',
    'Exists',
  ]),
  row('Equal without a key', block('      tolerations:\n      - operator: Equal\n        value: x\n'), [
    'InvalidValue',
    '- operator: Equal',
    '`key`',
  ]),
  row(
    'tolerationSeconds with NoSchedule',
    swap('effect: NoSchedule', 'effect: NoSchedule\n        tolerationSeconds: 60'),
    ['InvalidValue', 'effect: NoSchedule', 'NoExecute'],
  ),
  row('Rolling for RollingUpdate', swap('type: RollingUpdate', 'type: Rolling'), [
    'InvalidValue',
    'type: Rolling',
    '`RollingUpdate`',
    'type: RollingUpdate',
  ]),
  row('maxUnavailable as text', swap('maxUnavailable: 1', 'maxUnavailable: one'), [
    'InvalidValue',
    'maxUnavailable: one',
    'percent',
  ]),
  row('maxSurge without maxUnavailable 0', swap('maxUnavailable: 1', 'maxSurge: 1'), [
    'InvalidValue',
    'maxSurge: 1',
    '`maxUnavailable: 0`',
  ]),
  row('restartPolicy Never', swap('      nodeSelector:', '      restartPolicy: Never\n      nodeSelector:'), [
    'InvalidValue',
    'restartPolicy: Never',
    '`Always`',
    'restartPolicy: Always',
  ]),
  row('memory in mebibytes misspelt', swap('memory: 64Mi', 'memory: 64MB'), ['InvalidValue', 'memory: 64MB', '`Mi`']),
  row('an upper-case name', swap('metadata:\n  name: agent', 'metadata:\n  name: Agent'), [
    'InvalidValue',
    'name: Agent',
    'lower',
    'name: agent',
  ]),
  row('an underscore in the name', swap('metadata:\n  name: agent', 'metadata:\n  name: node_agent'), [
    'InvalidValue',
    'name: node_agent',
    '`-`',
    'name: node-agent',
  ]),
  row('the port in quotes', swap('containerPort: 9100', 'containerPort: "9100"'), [
    'WrongType',
    '- containerPort: "9100"',
    'quotes',
    '- containerPort: 9100',
  ]),
  row('a label that is true, without quotes', swap('kubernetes.io/os: linux', 'gpu: true'), [
    'WrongType',
    'gpu: true',
    'quotes',
    'gpu: "true"',
  ]),
  row('an environment value that is a number', swap('value: debug', 'value: 5'), [
    'WrongType',
    'value: 5',
    'quotes',
    'value: "5"',
  ]),
  row('hostNetwork as text', swap('      nodeSelector:', '      hostNetwork: "true"\n      nodeSelector:'), [
    'WrongType',
    'hostNetwork: "true"',
    'quotes',
    'hostNetwork: true',
  ]),
  row(
    'a mount of a volume that is not there',
    swap('      - name: logs\n        hostPath', '      - name: log\n        hostPath'),
    ['InvalidValue', '- name: logs', 'volume'],
  ),
  // Shape
  row('tolerations as a map', block('      tolerations:\n        key: nvidia.com/gpu\n        operator: Exists\n'), [
    'WrongType',
    'tolerations:',
    'list',
  ]),
  row('containers as a map', swap('      containers:\n      - name: agent', '      containers:\n        name: agent'), [
    'WrongType',
    'containers:',
    'list',
  ]),
  row('env as a map', swap('        - name: LOG_LEVEL\n          value: debug', '          LOG_LEVEL: debug'), [
    'WrongType',
    'env:',
    'list',
  ]),
  row('nodeSelector as a list', swap('        kubernetes.io/os: linux', '      - kubernetes.io/os: linux'), [
    'WrongType',
    'nodeSelector:',
    'map',
  ]),
  row('matchLabels as a list', swap('    matchLabels:\n      app: agent', '    matchLabels:\n    - app: agent'), [
    'WrongType',
    'matchLabels:',
    'map',
  ]),
  row('the selector without matchLabels', swap('    matchLabels:\n      app: agent', '    app: agent'), [
    'UnknownField',
    'app: agent',
    '`matchLabels`',
  ]),
  row(
    'the same key twice',
    swap('      nodeSelector:', '      nodeSelector:\n        disktype: ssd\n      nodeSelector:'),
    ['DuplicateKey', 'nodeSelector:', 'twice'],
  ),
  row('no selector', swap('  selector:\n    matchLabels:\n      app: agent\n', ''), [
    'MissingField',
    'spec:',
    '`spec.selector`',
  ]),
  row(
    'labels that the selector does not match',
    swap('    matchLabels:\n      app: agent', '    matchLabels:\n      app: agnet'),
    ['SelectorMismatch', 'labels:', 'selector'],
  ),
  row('no image', swap('        image: registry.example/agent:1\n', ''), ['MissingField', '- name: agent', 'image']),
  row('no name of the container', swap('      - name: agent\n        image: registry', '      - image: registry'), [
    'MissingField',
    '- image: registry.example/agent:1',
    'name',
  ]),
  row('no containers', GOOD.slice(0, GOOD.indexOf('      containers:')), ['MissingField', 'spec:', 'containers']),
  // Kind and version
  row('apiVersion v1', swap('apiVersion: apps/v1', 'apiVersion: v1'), [
    'WrongApiVersion',
    'apiVersion: v1',
    '`apiVersion: apps/v1`',
    'apiVersion: apps/v1',
  ]),
  row('apiVersion app/v1', swap('apiVersion: apps/v1', 'apiVersion: app/v1'), [
    'WrongApiVersion',
    'apiVersion: app/v1',
    '`apiVersion: apps/v1`',
    'apiVersion: apps/v1',
  ]),
  row('apiVersion extensions/v1beta1', swap('apiVersion: apps/v1', 'apiVersion: extensions/v1beta1'), [
    'WrongApiVersion',
    'apiVersion: extensions/v1beta1',
    '`apiVersion: apps/v1`',
    'apiVersion: apps/v1',
  ]),
  row('apiversion in small letters', swap('apiVersion: apps/v1', 'apiversion: apps/v1'), [
    'MissingField',
    'apiversion: apps/v1',
    '`apiVersion`',
    'apiVersion: apps/v1',
  ]),
  row('Daemonset', swap('kind: DaemonSet', 'kind: Daemonset'), [
    'UnknownKind',
    'kind: Daemonset',
    '`DaemonSet`',
    'kind: DaemonSet',
  ]),
  row('DeamonSet', swap('kind: DaemonSet', 'kind: DeamonSet'), [
    'UnknownKind',
    'kind: DeamonSet',
    '`DaemonSet`',
    'kind: DaemonSet',
  ]),
  row('no kind', swap('kind: DaemonSet\n', ''), ['MissingField', 'apiVersion: apps/v1', '`kind`']),
  // YAML
  row('a colon forgotten', swap('      tolerations:', '      tolerations'), ['YamlSyntax', 'tolerations', 'colon']),
  row('no blank after the colon', swap('key: nvidia.com/gpu', 'key:nvidia.com/gpu'), [
    'YamlSyntax',
    '- key:nvidia.com/gpu',
    'blank',
  ]),
  row('no blank after the dash', swap('      - key: nvidia.com/gpu', '      -key: nvidia.com/gpu'), [
    'YamlSyntax',
    '-key: nvidia.com/gpu',
    'blank',
  ]),
  row('a quote that is never closed', swap('value: debug', 'value: "debug'), ['YamlSyntax', 'value: "debug', 'quote']),
  row(
    'smart quotes',
    swap('value: debug', 'value: \u201cdebug\u201d').replace('operator: Exists', 'operator: \u201cExists\u201d'),
    ['InvalidValue', 'operator: \u201cExists\u201d', 'quotation marks', 'operator: Exists'],
  ),
  row('a star as a value', swap('key: nvidia.com/gpu', 'key: *'), ['YamlSyntax', '- key: *', 'alias']),
  row('a percent sign at the start of a value', swap('value: debug', 'value: %debug'), [
    'YamlSyntax',
    'value: %debug',
    'quotes',
  ]),
  row('a colon inside a value', swap('value: debug', 'value: level: debug'), [
    'YamlSyntax',
    'value: level: debug',
    'quotes',
  ]),
  row('two documents without a separator', `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: agent\n${GOOD}`, [
    'DuplicateKey',
    'apiVersion: apps/v1',
    '`---`',
  ]),
  row('a template that was not rendered', swap('image: registry.example/agent:1', 'image: {{ .Values.image }}'), [
    'TemplateNotRendered',
    'image: {{ .Values.image }}',
    'template',
  ]),
  row('a Markdown fence around the text', `\`\`\`yaml\n${GOOD}\`\`\`\n`, ['YamlSyntax', '```yaml', 'Markdown', '']),
  row('a shell prompt before the text', `$ cat agent.yaml\n${GOOD}`, ['YamlSyntax', '$ cat agent.yaml', 'shell']),
]
