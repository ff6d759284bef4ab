import { readPeerAuthentication } from '../../resources/peerAuthentication';
import { describeObject } from '../../resources/objectKey';
import { describeSelector } from '../../resources/selector';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import type { MtlsModeParams } from './schema';

/** Modes beside the one that is set: those of the policy's other ports, and narrower policies, which stay stronger. */
export function describeKeptModes(options: {
  snapshot: MeshSnapshot;
  policy: KubeObject;
  exists: boolean;
  params: MtlsModeParams;
}): string[] {
  const { snapshot, policy, exists, params } = options;
  if (params.level === 'workload') {
    return exists ? ofPolicy(policy, params) : [];
  }
  const { rootNamespace } = snapshot;
  const narrower =
    params.level === 'namespace'
      ? snapshot
          .inNamespace('PeerAuthentication', params.namespace)
          .filter(each => readPeerAuthentication(each).selector)
      : snapshot
          .list('PeerAuthentication')
          .filter(({ metadata }) => metadata.namespace !== rootNamespace);
  return narrower
    .flatMap(each => {
      const { mode, portModes, selector } = readPeerAuthentication(each);
      const modes = [
        ...(mode === 'UNSET' ? [] : [mode]),
        ...[...portModes].map(([port, value]) => `${value} on port ${port}`),
      ].join(', ');
      return modes === ''
        ? []
        : [
            `${describeObject(each)} sets ${modes}${
              selector ? ` for ${describeSelector(selector)}` : ''
            }`,
          ];
    })
    .sort();
}

function ofPolicy(policy: KubeObject, { port }: MtlsModeParams): string[] {
  const { mode, portModes } = readPeerAuthentication(policy);
  return [
    ...(port !== undefined && mode !== 'UNSET'
      ? [`sets ${mode} for the other ports`]
      : []),
    ...[...portModes]
      .filter(([other]) => other !== port)
      .map(([other, value]) => `sets ${value} on port ${other}`),
  ];
}
