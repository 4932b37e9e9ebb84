// The checks of the Pod Security Standards in the order of their findings.
// Upstream: k8s.io/pod-security-admission/policy/checks.go, v1.35.
import {
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  privileged,
  procMount,
  seLinuxOptions,
  sysctls,
  windowsHostProcess,
} from './pod-security-baseline.ts'
import { inUserNamespace, type SecurityCheck } from './pod-security-check.ts'
import { allowPrivilegeEscalation, capabilitiesRestricted, runAsNonRoot, runAsUser } from './pod-security-restricted.ts'
import { seccompBaseline, seccompRestricted } from './pod-security-seccomp.ts'
import { restrictedVolumes } from './pod-security-volumes.ts'

/** All checks in the order of their findings: baseline by id, then restricted by id. */
export const SECURITY_CHECKS: readonly SecurityCheck[] = [
  { id: 'appArmorProfile', level: 'baseline', since: 0, check: appArmorProfile },
  { id: 'capabilities_baseline', level: 'baseline', since: 0, check: capabilitiesBaseline },
  { id: 'hostNamespaces', level: 'baseline', since: 0, check: hostNamespaces },
  { id: 'hostPathVolumes', level: 'baseline', since: 0, check: hostPathVolumes },
  { id: 'hostPorts', level: 'baseline', since: 0, check: hostPorts },
  { id: 'hostProbesAndHostLifecycle', level: 'baseline', since: 34, check: hostProbes },
  { id: 'privileged', level: 'baseline', since: 0, check: privileged },
  // In a user namespace an unmasked /proc is the container's own.
  {
    id: 'procMount',
    level: 'baseline',
    since: 0,
    check: (pod, version) => (inUserNamespace(pod, version) ? undefined : procMount(pod)),
  },
  { id: 'seLinuxOptions', level: 'baseline', since: 0, check: seLinuxOptions },
  { id: 'seccompProfile_baseline', level: 'baseline', since: 0, check: seccompBaseline },
  { id: 'sysctls', level: 'baseline', since: 0, check: sysctls },
  { id: 'windowsHostProcess', level: 'baseline', since: 0, check: windowsHostProcess },
  { id: 'allowPrivilegeEscalation', level: 'restricted', since: 8, check: allowPrivilegeEscalation },
  {
    id: 'capabilities_restricted',
    level: 'restricted',
    since: 22,
    overrides: 'capabilities_baseline',
    check: capabilitiesRestricted,
  },
  { id: 'procMount_restricted', level: 'restricted', since: 35, overrides: 'procMount', check: procMount },
  { id: 'restrictedVolumes', level: 'restricted', since: 0, overrides: 'hostPathVolumes', check: restrictedVolumes },
  { id: 'runAsNonRoot', level: 'restricted', since: 0, check: runAsNonRoot },
  { id: 'runAsUser', level: 'restricted', since: 23, check: runAsUser },
  {
    id: 'seccompProfile_restricted',
    level: 'restricted',
    since: 19,
    overrides: 'seccompProfile_baseline',
    check: seccompRestricted,
  },
]
