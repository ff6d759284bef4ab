import { resolveInjection } from '../../resources/namespace';
import { DecidedBy } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { formatList } from '../../telemetry/format';
import { resolveProxy } from './resolveInboundProxy';
import { PairMtls } from './resolveMtlsPair';
import { BreakingCaller } from './strictReadiness';

/** Why somebody sends plaintext, and what to do about it. */
export type PlaintextReason = Pick<
  BreakingCaller,
  'cause' | 'why' | 'fix' | 'decidedBy'
>;

/** Annotations that lead outbound calls past the sidecar. Source: istio.io, resource annotations. */
const PAST_THE_PROXY = [
  'traffic.sidecar.istio.io/excludeOutboundPorts',
  'traffic.sidecar.istio.io/excludeOutboundIPRanges',
  'traffic.sidecar.istio.io/includeOutboundIPRanges',
  'traffic.sidecar.istio.io/includeOutboundPorts',
];

/** Why calls of a workload come in plaintext, from its proxy and from what that would send with the plan. */
export function explainPlaintext(options: {
  snapshot: MeshSnapshot;
  caller: WorkloadKey;
  /** The caller's connection to a port that would be strict. */
  pair: PairMtls | undefined;
  ports: readonly number[];
}): PlaintextReason {
  const { snapshot, caller, pair } = options;
  const proxy = resolveProxy(snapshot, caller);
  switch (proxy.by) {
    case 'none':
      return withoutProxy(options);
    case 'unknown':
      return {
        cause: 'unknown',
        why: 'It is not known whether it has a proxy.',
        fix: `Find out first: its pods in ${snapshot.cluster} could not be read.`,
        decidedBy: [proxy.decidedBy],
      };
    case 'ambient':
      return {
        cause: 'noHbone',
        why: 'ztunnel encrypts only to what takes HBONE, and the called pods do not.',
        fix: 'Restart the called pods, so that their proxies take HBONE, or move them to ambient.',
        decidedBy: pair?.decidedBy.slice(0, 1) ?? [],
      };
    default:
      return fromSidecar(options);
  }
}

/** Telemetry names nobody, or a workload that is not there. */
export function explainStranger(name: string | undefined): PlaintextReason {
  return name === undefined
    ? {
        cause: 'unnamed',
        why: 'Telemetry does not name the caller: it has no proxy, or calls from outside the cluster.',
        fix: 'Find it by its address in the access log of the called proxy, then bring it into the mesh or keep its port open.',
        decidedBy: [],
      }
    : {
        cause: 'gone',
        why: 'No workload of that name runs in the clusters that were read.',
        fix: 'It may be gone for good, or run in a cluster the portal does not read: ask whoever ran it.',
        decidedBy: [],
      };
}

function withoutProxy(options: {
  snapshot: MeshSnapshot;
  caller: WorkloadKey;
  ports: readonly number[];
}): PlaintextReason {
  const { snapshot, caller } = options;
  const { namespace } = caller;
  const object = snapshot.workload(caller);
  const wish = resolveInjection(
    snapshot.get('Namespace', undefined, namespace),
    object ? readWorkload(object).labels : {},
  );
  const open = keepOpen(options.ports);
  if (wish.wanted) {
    return {
      cause: 'noProxy',
      why: `Its pods have no proxy, although one is asked for (${wish.why}).`,
      fix: 'Restart its pods, so that they get one.',
      decidedBy: [{ by: 'nothing', note: 'its pods run without a proxy' }],
    };
  }
  const optedOut = wish.why.startsWith('pod label');
  return {
    cause: 'noProxy',
    why: `Outside the mesh: its pods have no proxy (${wish.why}).`,
    fix: optedOut
      ? `Take the ${wish.why.replace(
          'pod label',
          'label',
        )} off its pods, or ${open}.`
      : `Add namespace ${namespace} to the mesh (label istio-injection=enabled) and restart its pods, or ${open}.`,
    decidedBy: [{ by: 'nothing', note: wish.why }],
  };
}

function keepOpen(ports: readonly number[]): string {
  return ports.length === 0
    ? 'keep the port it calls open (portLevelMtls)'
    : `keep port ${formatList(ports.map(String))} open (portLevelMtls)`;
}

function fromSidecar(options: {
  snapshot: MeshSnapshot;
  caller: WorkloadKey;
  pair: PairMtls | undefined;
}): PlaintextReason {
  const { pair } = options;
  const decision = pair?.decidedBy[0];
  if (!pair || pair.outcome === 'unknown') {
    return {
      cause: 'unknown',
      why: `It has a proxy; what that sends cannot be told${
        pair ? ` (${pair.reason})` : ''
      }.`,
      fix: 'Find out first what its calls look like in its access log.',
      decidedBy: decision ? [decision] : [],
    };
  }
  if (pair.outcome === 'encrypted') {
    return pastTheProxy(options);
  }
  return decision ? byConfiguration(decision, pair) : pastTheProxy(options);
}

function byConfiguration(decision: DecidedBy, pair: PairMtls): PlaintextReason {
  const decidedBy = [decision];
  if (decision.by === 'object' && decision.object.kind === 'DestinationRule') {
    const { namespace, name } = decision.object;
    const block = decision.fieldPath.replace(/\.mode$/, '');
    const sends =
      pair.sends === 'plaintext'
        ? 'turns encryption off'
        : 'sends TLS of its own instead of the mesh’s';
    return {
      cause: 'destinationRule',
      why: `In the mesh, but DestinationRule ${namespace}/${name} ${sends}.`,
      fix: `Remove ${block} of DestinationRule ${namespace}/${name}, or set its mode to ISTIO_MUTUAL.`,
      decidedBy,
    };
  }
  if (decision.by === 'meshConfig') {
    return {
      cause: 'autoMtlsOff',
      why: `In the mesh, but automatic mTLS is off (${decision.fieldPath}).`,
      fix: 'Set mode ISTIO_MUTUAL in a DestinationRule for the called host, or turn automatic mTLS on.',
      decidedBy,
    };
  }
  return {
    cause: 'bypassesProxy',
    why: `In the mesh, but its proxy would not encrypt: ${pair.reason}.`,
    fix: 'Call the Service by a host that its proxy knows.',
    decidedBy,
  };
}

function pastTheProxy(options: {
  snapshot: MeshSnapshot;
  caller: WorkloadKey;
}): PlaintextReason {
  const { snapshot, caller } = options;
  const object = snapshot.workload(caller);
  const annotations = object ? readWorkload(object).annotations : {};
  const excluded = PAST_THE_PROXY.find(
    name => annotations[name] !== undefined && annotations[name] !== '*',
  );
  if (object && excluded) {
    const prefix =
      caller.kind === 'Pod' ? 'metadata' : 'spec.template.metadata';
    return {
      cause: 'bypassesProxy',
      why: `It has a proxy, but an annotation leads calls past it (${excluded}: ${annotations[excluded]}).`,
      fix: `Take the annotation ${excluded} off, or leave the called port out of it.`,
      decidedBy: [
        {
          by: 'object',
          object: snapshot.refOf(object),
          fieldPath: `${prefix}.annotations['${excluded}']`,
        },
      ],
    };
  }
  return {
    cause: 'bypassesProxy',
    why: 'Its proxy would encrypt calls to the Service, yet these came without encryption: by pod address, past the proxy, or before the last change.',
    fix: 'Look whether it still happens; then let it call the Service by its host name.',
    decidedBy: [],
  };
}
