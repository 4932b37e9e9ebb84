import { describe, expect, it } from 'vitest'
import { negotiate } from '../../grader/http/accept.ts'

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

function text(accept: string | null, endpoint: 'object' | 'discovery' = 'object'): string {
  const result = negotiate(accept, endpoint)
  if (!result.ok) return String(result.status.code)
  return 'version' in result.value ? `${result.value.as} ${result.value.version}` : result.value.as
}

describe('content negotiation', () => {
  it.each<[string, string | null, string]>([
    ['no header means JSON', null, 'json'],
    ['anything means JSON', '*/*', 'json'],
    [
      "kubectl get's header means a table",
      `${TABLE},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`,
      'Table v1',
    ],
    ['an old table version', 'application/json;as=Table;v=v1beta1;g=meta.k8s.io', 'Table v1beta1'],
    ['an unknown table version falls through', 'application/json;as=Table;v=v2;g=meta.k8s.io,application/json', 'json'],
    [
      'metadata only',
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
      'PartialObjectMetadataList v1',
    ],
    ['quality decides', 'application/yaml;q=0.5,application/json', 'json'],
    ['YAML', 'application/yaml', 'yaml'],
    ['protobuf clients get JSON', 'application/vnd.kubernetes.protobuf', 'json'],
    ['a browser gets JSON', 'text/html,application/xhtml+xml,*/*;q=0.8', 'json'],
    ['nothing that can be given', 'text/html', '406'],
    ['an unknown transformation alone', 'application/json;as=Nope;v=v1;g=meta.k8s.io', '406'],
  ])('%s', (_, accept, expected) => expect(text(accept)).toBe(expected))

  it.each<[string, string, string]>([
    ['aggregated discovery', AGGREGATED, 'APIGroupDiscoveryList v2'],
    [
      'an old aggregated version falls back to plain',
      `application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json`,
      'json',
    ],
  ])('%s', (_, accept, expected) => expect(text(accept, 'discovery')).toBe(expected))

  it('the refusal names what can be had', () => {
    expect(negotiate('text/html', 'object')).toMatchObject({
      status: {
        reason: 'NotAcceptable',
        message:
          'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      },
    })
  })
})
