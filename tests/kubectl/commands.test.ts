import { describe, expect, it } from 'vitest'
import { DAEMON_SET, promptOf } from './small-cluster.ts'

describe('apply', () => {
  it('creates, then leaves alone, then configures', () => {
    const kubectl = promptOf({ 'two.yaml': DAEMON_SET.replace('agent:1', 'agent:2') })
    expect(kubectl('kubectl apply -f ds.yaml').stdout).toBe('daemonset.apps/agent created\n')
    expect(kubectl('kubectl apply -f ds.yaml').stdout).toBe('daemonset.apps/agent unchanged\n')
    expect(kubectl('kubectl apply -f two.yaml').stdout).toBe('daemonset.apps/agent configured\n')
    expect(kubectl('kubectl get ds agent -o jsonpath={.spec.template.spec.containers[0].image}').stdout).toBe(
      'registry.example/agent:2',
    )
  })
  it('removes what the file had and lost, keeps what somebody else set', () => {
    const labelled = DAEMON_SET.replace('  name: agent\n', '  name: agent\n  labels: {a: "1", b: "2"}\n')
    const kubectl = promptOf({ 'a.yaml': labelled, 'b.yaml': labelled.replace(', b: "2"', '') })
    kubectl('kubectl apply -f a.yaml')
    kubectl('kubectl label ds agent c=3')
    kubectl('kubectl apply -f b.yaml')
    expect(kubectl('kubectl get ds agent -o jsonpath={.metadata.labels}').stdout).toBe('{"a":"1","c":"3"}')
  })
  it('warns once about an object that was created without it', () => {
    const kubectl = promptOf()
    kubectl('kubectl create -f ds.yaml')
    expect(kubectl('kubectl apply -f ds.yaml').stderr).toMatch(
      /^Warning: resource daemonsets\/agent is missing the kubectl/,
    )
    expect(kubectl('kubectl apply -f ds.yaml').stderr).toBe('')
  })
  it('on the server, a field that another manager owns is a conflict until it is forced', () => {
    const limited = DAEMON_SET.replace('agent:1', 'agent:1\n          resources: {limits: {memory: 200Mi}}')
    const kubectl = promptOf({ 'two.yaml': limited })
    kubectl('kubectl apply -f ds.yaml')
    kubectl('kubectl set resources ds/agent --limits=memory=100Mi')
    const refused = kubectl('kubectl apply --server-side -f two.yaml')
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain(
      'error: Apply failed with 1 conflict: conflict with "kubectl-set" using apps/v1: .spec.template.spec.containers[name="agent"].resources.limits.memory\nPlease review',
    )
    expect(kubectl('kubectl apply --server-side --force-conflicts -f two.yaml').stdout).toBe(
      'daemonset.apps/agent serverside-applied\n',
    )
  })
})

describe('the learner at the prompt', () => {
  it('edits an object, and rubbish is kept and named', () => {
    const kubectl = promptOf()
    kubectl('kubectl apply -f ds.yaml')
    const good = { edit: (text: string) => text.replace('agent:1', 'agent:2') }
    expect(kubectl('kubectl edit ds agent', { hooks: good }).stdout).toBe('daemonset.apps/agent edited\n')
    expect(kubectl('kubectl edit ds agent', { hooks: { edit: (text) => text } }).stderr).toBe(
      'Edit cancelled, no changes made.\n',
    )
    expect(kubectl('kubectl edit ds agent', { hooks: { edit: () => '' } }).stderr).toBe(
      'Edit cancelled, saved file was empty.\n',
    )
    const bad = kubectl('kubectl edit ds agent', { hooks: { edit: () => 'a: [' } })
    expect(bad.exitCode).toBe(1)
    expect(bad.stderr).toBe(
      'A copy of your changes has been stored to "/tmp/kubectl-edit-1234567890.yaml"\nerror: Edit cancelled, no valid changes were saved.\n',
    )
    expect(bad.files).toEqual({ '/tmp/kubectl-edit-1234567890.yaml': 'a: [' })
  })
  it('stands still in another namespace after config set-context', () => {
    const kubectl = promptOf()
    const result = kubectl('kubectl config set-context --current --namespace=logging')
    expect(result).toMatchObject({ stdout: 'Context "kubernetes-admin@kubernetes" modified.\n', namespace: 'logging' })
    expect(kubectl('kubectl get pods', { defaultNamespace: 'logging' }).stderr).toBe(
      'No resources found in logging namespace.\n',
    )
  })
  it('a diff shows the field that would change and ends with 1', () => {
    const kubectl = promptOf({ 'two.yaml': DAEMON_SET.replace('agent:1', 'agent:2') })
    kubectl('kubectl apply -f ds.yaml')
    expect(kubectl('kubectl diff -f ds.yaml')).toMatchObject({ stdout: '', exitCode: 0 })
    const changed = kubectl('kubectl diff -f two.yaml')
    expect(changed.exitCode).toBe(1)
    expect(changed.stdout).toContain(
      '-      - image: registry.example/agent:1\n+      - image: registry.example/agent:2\n',
    )
  })
  it('`k` is kubectl', () => {
    expect(promptOf()('k get nodes --no-headers').stdout).toMatch(/^w-1 +Ready/)
  })
  it('waits for Pods to be ready, and for an object to go', () => {
    const kubectl = promptOf()
    kubectl('kubectl apply -f ds.yaml')
    kubectl.settle()
    expect(kubectl('kubectl wait --for=condition=Ready pod -l app=agent').stdout).toMatch(
      /^pod\/agent-\w+ condition met\npod\/agent-\w+ condition met\n$/,
    )
    expect(kubectl('kubectl wait --for=delete ds/agent --timeout=2s')).toMatchObject({
      stderr: 'error: timed out waiting for the condition on daemonsets/agent\n',
      exitCode: 1,
    })
  })
  it('what would wait for ever ends like Ctrl-C', () => {
    const kubectl = promptOf({ 'never.yaml': DAEMON_SET.replace('agent:1', 'never-ready:1') })
    kubectl('kubectl apply -f never.yaml')
    expect(kubectl('kubectl rollout status ds/agent', { patienceSeconds: 5 }).exitCode).toBe(130)
  })
  it('several outputs of one object', () => {
    const kubectl = promptOf()
    kubectl('kubectl apply -f ds.yaml')
    kubectl.settle()
    const out = (flags: string) => kubectl(`kubectl get ds agent ${flags}`).stdout
    expect(out('-o name')).toBe('daemonset.apps/agent\n')
    expect(out('-o custom-columns=N:.metadata.name,X:.spec.nope')).toBe('N       X\nagent   <none>\n')
    expect(out('-o jsonpath=\'{range .spec.template.spec.containers[*]}{.name}={.image}{"\\n"}{end}\'')).toBe(
      'agent=registry.example/agent:1\n',
    )
    expect(JSON.parse(out('-o json')).kind).toBe('DaemonSet')
    expect(out('-L app --show-labels')).toMatch(/APP +LABELS\nagent.*<none> +<none>\n$/)
    expect(kubectl('kubectl get ds,po').stdout).toMatch(/^NAME .*\ndaemonset\.apps\/agent .*\n\nNAME .*\npod\/agent-/)
  })
})
