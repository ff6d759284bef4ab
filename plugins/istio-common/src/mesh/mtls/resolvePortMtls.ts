import { compareByAge, namespacedName } from '../../resources/objectKey';
import {
  PeerAuthenticationMode,
  readPeerAuthentication,
} from '../../resources/peerAuthentication';
import { describeSelector, matchesLabels } from '../../resources/selector';
import { DecidedBy, KubeObject } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import { isDecidable } from '../../snapshot/readiness';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { resolveInboundProxy } from './resolveInboundProxy';
import { MtlsMode } from './types';

type Level = 'mesh' | 'namespace' | 'workload';

/** What one workload port accepts, and the policies that were looked at. */
export interface PortMtls {
  mode: MtlsMode;
  decidedBy: DecidedBy;
  considered: { object: string; why: string }[];
}

interface Candidates {
  winners: Partial<Record<Level, KubeObject>>;
  considered: PortMtls['considered'];
}

interface Decision {
  mode: Exclude<PeerAuthenticationMode, 'UNSET'>;
  decidedBy: DecidedBy;
  /** The policy that set it, for the reasons of the others. */
  by?: KubeObject;
}

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
  const candidates = findCandidates(snapshot, workload);
  const inherited = inherit(snapshot, candidates);
  const ported = applyPort({ snapshot, candidates, inherited, port });
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

/** The oldest policy of each level; the rest is not merged but ignored whole. */
function findCandidates(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): Candidates {
  const object = snapshot.workload(workload);
  const labels = object ? readWorkload(object).labels : {};
  const { rootNamespace } = snapshot;
  const namespaces = new Set([rootNamespace, workload.namespace]);
  const policies = [...namespaces]
    .flatMap(name => snapshot.inNamespace('PeerAuthentication', name))
    .sort(compareByAge);
  const candidates: Candidates = { winners: {}, considered: [] };
  for (const policy of policies) {
    const { selector } = readPeerAuthentication(policy);
    const inRoot = policy.metadata.namespace === rootNamespace;
    if (selector && inRoot) {
      consider(
        candidates,
        policy,
        `has a selector; Istio ignores such a policy in the root namespace ${rootNamespace}`,
      );
      continue;
    }
    if (selector && !matchesLabels(selector, labels)) {
      consider(
        candidates,
        policy,
        `its selector ${describeSelector(selector)} does not match`,
      );
      continue;
    }
    const level = levelOf(selector !== undefined, inRoot);
    const winner = candidates.winners[level];
    if (winner) {
      consider(
        candidates,
        policy,
        `${policyName(winner)} is older; Istio takes one policy per level`,
      );
    } else {
      candidates.winners[level] = policy;
    }
  }
  return candidates;
}

function levelOf(selects: boolean, inRoot: boolean): Level {
  if (selects) {
    return 'workload';
  }
  return inRoot ? 'mesh' : 'namespace';
}

function consider(
  candidates: Candidates,
  policy: KubeObject,
  why: string,
): void {
  candidates.considered.push({ object: policyName(policy), why });
}

function policyName(policy: KubeObject): string {
  return namespacedName(policy.metadata);
}

/** Mesh, namespace, workload: each overrides the one before unless it sets no mode. */
function inherit(snapshot: MeshSnapshot, candidates: Candidates): Decision {
  let decision: Decision = {
    mode: 'PERMISSIVE',
    decidedBy: {
      by: 'istioDefault',
      note: 'PERMISSIVE, where no PeerAuthentication sets a mode',
    },
  };
  for (const level of ['mesh', 'namespace', 'workload'] as const) {
    const policy = candidates.winners[level];
    const mode = policy && readPeerAuthentication(policy).mode;
    if (policy && mode && mode !== 'UNSET') {
      decision = {
        mode,
        by: policy,
        decidedBy: decidedByField(snapshot, policy, 'spec.mtls.mode'),
      };
    }
  }
  return decision;
}

function decidedByField(
  snapshot: MeshSnapshot,
  policy: KubeObject,
  fieldPath: string,
): DecidedBy {
  return { by: 'object', object: snapshot.refOf(policy), fieldPath };
}

/** Port modes count on the winning workload-level policy only; an UNSET one is the policy's own mode. */
function applyPort(options: {
  snapshot: MeshSnapshot;
  candidates: Candidates;
  inherited: Decision;
  port: number;
}): Decision {
  const { snapshot, candidates, inherited, port } = options;
  for (const level of ['mesh', 'namespace'] as const) {
    const policy = candidates.winners[level];
    if (policy && readPeerAuthentication(policy).portModes.has(port)) {
      consider(
        candidates,
        policy,
        'its portLevelMtls does not count, because it has no selector',
      );
    }
  }
  const policy = candidates.winners.workload;
  const mode = policy && readPeerAuthentication(policy).portModes.get(port);
  if (!policy || !mode || mode === 'UNSET') {
    return inherited;
  }
  return {
    mode,
    by: policy,
    decidedBy: decidedByField(snapshot, policy, `spec.portLevelMtls.${port}`),
  };
}

/**
 * ztunnel knows only "strict" and "not strict", so DISABLE is PERMISSIVE there. And an exception for a
 * port under an inherited STRICT lifts it only when it says PERMISSIVE, not when it says DISABLE.
 */
function asAmbient(options: {
  candidates: Candidates;
  inherited: Decision;
  ported: Decision;
  port: number;
}): Decision {
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

/** Winners of their level that something more specific beats, or that set nothing. */
function overridden(
  candidates: Candidates,
  decision: Decision,
): PortMtls['considered'] {
  return (['mesh', 'namespace', 'workload'] as const).flatMap(level => {
    const policy = candidates.winners[level];
    if (!policy || policy === decision.by) {
      return [];
    }
    const { mode } = readPeerAuthentication(policy);
    const object = policyName(policy);
    return mode === 'UNSET' || !decision.by
      ? [{ object, why: 'sets no mode here, so the wider level counts' }]
      : [
          {
            object,
            why: `sets ${mode} for the whole ${level}; ${policyName(
              decision.by,
            )} is more specific`,
          },
        ];
  });
}
