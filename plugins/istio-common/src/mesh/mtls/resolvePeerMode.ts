import { compareByAge, namespacedName } from '../../resources/objectKey';
import {
  PeerAuthenticationMode,
  readPeerAuthentication,
} from '../../resources/peerAuthentication';
import {
  describeSelector,
  Labels,
  matchesLabels,
} from '../../resources/selector';
import { DecidedBy, KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { PortMtls } from './types';

type Level = 'mesh' | 'namespace' | 'workload';

/** The policies of one workload: one per level, the others with the reason why they do not count. */
export interface PeerCandidates {
  winners: Partial<Record<Level, KubeObject>>;
  considered: PortMtls['considered'];
}

/** A mode and what set it. */
export interface PeerDecision {
  mode: Exclude<PeerAuthenticationMode, 'UNSET'>;
  decidedBy: DecidedBy;
  /** The policy that set it, for the reasons of the others. */
  by?: KubeObject;
}

/** What PeerAuthentications say of one port of pods with these labels, whatever proxy they have. */
export interface PeerMode {
  candidates: PeerCandidates;
  /** Of the workload as a whole. */
  inherited: PeerDecision;
  ported: PeerDecision;
}

/**
 * The mode of a port by mesh, namespace, workload and port, each overriding the one before.
 *
 * Source: istio/istio pilot/pkg/security/authn ComposePeerAuthentication (1.31).
 */
export function resolvePeerMode(options: {
  snapshot: MeshSnapshot;
  namespace: string;
  labels: Labels;
  port: number;
}): PeerMode {
  const { snapshot, port } = options;
  const candidates = findCandidates(options);
  const inherited = inherit(snapshot, candidates);
  const ported = applyPort({ snapshot, candidates, inherited, port });
  return { candidates, inherited, ported };
}

/** The oldest policy of each level; the rest is not merged but ignored whole. */
function findCandidates(options: {
  snapshot: MeshSnapshot;
  namespace: string;
  labels: Labels;
}): PeerCandidates {
  const { snapshot, namespace, labels } = options;
  const { rootNamespace } = snapshot;
  const namespaces = new Set([rootNamespace, namespace]);
  const policies = [...namespaces]
    .flatMap(name => snapshot.inNamespace('PeerAuthentication', name))
    .sort(compareByAge);
  const candidates: PeerCandidates = { winners: {}, considered: [] };
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

/** Notes why a policy does not count. */
export function consider(
  candidates: PeerCandidates,
  policy: KubeObject,
  why: string,
): void {
  candidates.considered.push({ object: policyName(policy), why });
}

function policyName(policy: KubeObject): string {
  return namespacedName(policy.metadata);
}

/** Mesh, namespace, workload: each overrides the one before unless it sets no mode. */
function inherit(
  snapshot: MeshSnapshot,
  candidates: PeerCandidates,
): PeerDecision {
  let decision: PeerDecision = {
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
  candidates: PeerCandidates;
  inherited: PeerDecision;
  port: number;
}): PeerDecision {
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

/** Winners of their level that something more specific beats, or that set nothing. */
export function overridden(
  candidates: PeerCandidates,
  decision: PeerDecision,
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
