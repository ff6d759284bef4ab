import { readPeerAuthentication } from '../../resources/peerAuthentication';
import { readWorkload } from '../../resources/workload';
import { isDecidable } from '../../snapshot/readiness';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { resolveInboundProxy } from './resolveInboundProxy';
import {
  consider,
  overridden,
  PeerCandidates,
  PeerDecision,
  resolvePeerMode,
} from './resolvePeerMode';
import { PortMtls } from './types';

export type { PortMtls } from './types';

/**
 * What the server side of one workload port accepts. The port is the container's, not the Service's.
 *
 * Source: istio/istio pilot/pkg/security/authn ComposePeerAuthentication and
 * pilot/pkg/serviceregistry/ambient convertPeerAuthentication (1.31). Ambient answers follow the code and
 * have not been proven against an ambient data plane.
 */
export function resolvePortMtls(options: {
  snapshot: MeshSnapshot;
  workload: WorkloadKey;
  port: number;
}): PortMtls {
  const { snapshot, workload, port } = options;
  const proxy = resolveInboundProxy(options);
  if (proxy.by === 'none' || proxy.by === 'unknown') {
    return {
      mode: proxy.by === 'none' ? 'OUTSIDE' : 'UNKNOWN',
      decidedBy: proxy.decidedBy,
      considered: [],
    };
  }
  if (!isDecidable(snapshot, 'PeerAuthentication')) {
    return {
      mode: 'UNKNOWN',
      decidedBy: {
        by: 'nothing',
        note: `PeerAuthentications of ${snapshot.cluster} could not be read`,
      },
      considered: [],
    };
  }
  const object = snapshot.workload(workload);
  const { candidates, inherited, ported } = resolvePeerMode({
    snapshot,
    namespace: workload.namespace,
    labels: object ? readWorkload(object).labels : {},
    port,
  });
  const decision =
    proxy.by === 'ambient'
      ? asAmbient({ candidates, inherited, ported, port })
      : ported;
  return {
    mode: decision.mode,
    decidedBy: decision.decidedBy,
    considered: [...candidates.considered, ...overridden(candidates, decision)],
  };
}

/**
 * ztunnel knows only "strict" and "not strict", so DISABLE is PERMISSIVE there. And an exception for a
 * port under an inherited STRICT lifts it only when it says PERMISSIVE, not when it says DISABLE.
 */
function asAmbient(options: {
  candidates: PeerCandidates;
  inherited: PeerDecision;
  ported: PeerDecision;
  port: number;
}): PeerDecision {
  const { candidates, inherited, ported, port } = options;
  if (ported.mode !== 'DISABLE') {
    return ported;
  }
  const policy = candidates.winners.workload;
  const isPortException =
    policy !== undefined &&
    readPeerAuthentication(policy).portModes.get(port) === 'DISABLE';
  const quirk =
    isPortException &&
    inherited.mode === 'STRICT' &&
    readPeerAuthentication(policy).mode === 'UNSET';
  if (quirk) {
    consider(
      candidates,
      policy,
      `DISABLE on port ${port} does not lift the inherited STRICT in ambient mode; only PERMISSIVE would`,
    );
    return inherited;
  }
  if (ported.by) {
    consider(
      candidates,
      ported.by,
      'DISABLE counts as PERMISSIVE in ambient mode: encrypted connections are still accepted',
    );
  }
  return { ...ported, mode: 'PERMISSIVE' };
}
