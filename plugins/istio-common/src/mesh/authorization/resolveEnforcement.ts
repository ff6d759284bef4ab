import { DecidedBy } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { isGatewayWorkload } from '../gatewayWorkload';
import { resolveInboundProxy } from '../mtls/resolveInboundProxy';
import { resolvePortMtls } from '../mtls/resolvePortMtls';
import { acceptConnection } from '../mtls/acceptConnection';
import { Decision } from './decide';
import { Layer } from './evaluateRule';
import { resolveInboundPort } from '../mtls/resolveInboundPort';
import { resolveCallerSends } from './resolveCallerSends';
import {
  AuthorizationAnswer,
  AuthorizationRequest,
  CallerSends,
} from './types';

/** The proxy that asks the policies, and what it sees of the call. */
export interface Enforcement {
  enforcedBy: AuthorizationAnswer['enforcedBy'];
  proven: boolean;
  layer: Layer;
  sends: CallerSends;
  /** It knows who calls. */
  identity: boolean;
}

type Settled = Decision & Pick<AuthorizationAnswer, 'enforcedBy' | 'proven'>;

/** Who enforces policies on the call; already a decision where nobody does or the connection is refused. */
export function resolveEnforcement(options: {
  snapshot: MeshSnapshot;
  request: AuthorizationRequest;
}): Enforcement | Settled {
  const { snapshot, request } = options;
  const { workload, port } = request.to;
  const caller = resolveCallerSends({ snapshot, request });
  if ('missing' in caller) {
    return {
      enforcedBy: 'unknown',
      proven: true,
      decision: 'unknown',
      decidedBy: [],
      reason: 'it is not known what the caller sends',
      missing: [...caller.missing],
    };
  }
  const { sends } = caller;
  if (isGatewayWorkload(snapshot, workload)) {
    return {
      enforcedBy: 'gateway',
      proven: false,
      layer: request.protocol === 'tcp' ? 'tcp' : 'http',
      sends,
      identity: sends === 'mtls',
    };
  }
  const proxy = resolveInboundProxy({ snapshot, workload, port });
  if (proxy.by === 'none' || proxy.by === 'unknown') {
    return withoutProxy(proxy);
  }
  if (proxy.by === 'ambient') {
    return enforceByZtunnel(snapshot, request, sends);
  }
  return enforceBySidecar({ snapshot, request, caller });
}

function withoutProxy(proxy: {
  by: 'none' | 'unknown';
  decidedBy: DecidedBy;
}): Settled {
  return proxy.by === 'none'
    ? {
        enforcedBy: 'none',
        proven: true,
        decision: 'allow',
        decidedBy: [proxy.decidedBy],
        reason: 'no proxy stands before the workload, so no policy is enforced',
        missing: [],
      }
    : {
        enforcedBy: 'unknown',
        proven: true,
        decision: 'unknown',
        decidedBy: [proxy.decidedBy],
        reason: 'it is not known whether a proxy stands before the workload',
        missing: ['pods of the called workload'],
      };
}

function enforceBySidecar(options: {
  snapshot: MeshSnapshot;
  request: AuthorizationRequest;
  caller: { sends: CallerSends; decidedBy?: DecidedBy };
}): Enforcement | Settled {
  const { snapshot, request, caller } = options;
  const { workload, port } = request.to;
  const by = { enforcedBy: 'sidecar', proven: true } as const;
  const { mode, decidedBy } = resolvePortMtls({ snapshot, workload, port });
  if (mode === 'UNKNOWN' || mode === 'OUTSIDE') {
    return {
      ...by,
      decision: 'unknown',
      decidedBy: [decidedBy],
      reason: 'it is not known which connections the port accepts',
      missing: [`PeerAuthentication objects of ${snapshot.cluster}`],
    };
  }
  const inbound = resolveInboundPort({ snapshot, workload, port });
  const speaks =
    request.protocol ?? (inbound.protocol === 'tcp' ? 'tcp' : 'http');
  const { sends } = caller;
  const connection = acceptConnection({
    mode,
    modeDecidedBy: decidedBy,
    port,
    inbound,
    sends,
    speaks,
  });
  return connection.accepted
    ? {
        ...by,
        layer: connection.layer,
        sends,
        identity: connection.identity,
      }
    : {
        ...by,
        decision: 'refused',
        decidedBy: [
          connection.decidedBy,
          ...(caller.decidedBy ? [caller.decidedBy] : []),
        ],
        reason: connection.reason,
        missing: [],
      };
}

/** mTLS between ztunnels is HBONE, whatever the policy; STRICT refuses the rest. */
function enforceByZtunnel(
  snapshot: MeshSnapshot,
  request: AuthorizationRequest,
  sends: CallerSends,
): Enforcement | Settled {
  const { workload, port } = request.to;
  const by = { enforcedBy: 'ztunnel', proven: false } as const;
  const { mode, decidedBy } = resolvePortMtls({ snapshot, workload, port });
  if (mode === 'STRICT' && sends !== 'mtls') {
    return {
      ...by,
      decision: 'refused',
      decidedBy: [decidedBy],
      reason: `port ${port} accepts only mTLS (STRICT), the caller does not send it`,
      missing: [],
    };
  }
  return { ...by, layer: 'ztunnel', sends, identity: sends === 'mtls' };
}
