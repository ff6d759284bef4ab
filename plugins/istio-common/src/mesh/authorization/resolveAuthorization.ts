import { isDecidable } from '../../snapshot/readiness';
import { MeshSnapshot } from '../../snapshot/types';
import { readWorkload } from '../../resources/workload';
import { GATEWAY_NAME } from '../gatewayWorkload';
import { askPolicies, AskedPolicy, describeAsked } from './askPolicies';
import { askProviders } from './askProviders';
import { authenticateToken, TokenOutcome } from './authenticateToken';
import { collectFacts } from './collectFacts';
import { decide, Decision } from './decide';
import { Layer } from './evaluateRule';
import { Enforcement, resolveEnforcement } from './resolveEnforcement';
import { PolicySubject, selectPolicies } from './selectPolicies';
import { findWaypoint, Waypoint } from './findWaypoint';
import { AuthorizationAnswer, AuthorizationRequest } from './types';

/**
 * "May A call B on this port, with this request?" First the connection (mTLS, protocol), then CUSTOM
 * policies, the token, DENY and ALLOW policies; AUDIT and dry-run policies decide nothing. Answers for sidecars
 * were compared with istiod's own configuration; others are marked as not proven.
 *
 * Source: istio/istio pilot/pkg/security/authz, pilot/pkg/model (1.31).
 */
export function resolveAuthorization(options: {
  snapshot: MeshSnapshot;
  request: AuthorizationRequest;
}): AuthorizationAnswer {
  const { snapshot, request } = options;
  const object = snapshot.workload(request.to.workload);
  const unread = findUnread(snapshot);
  if (!object || unread) {
    return answer(
      { enforcedBy: 'unknown', proven: true },
      {
        decision: 'unknown',
        decidedBy: [],
        reason: object
          ? `${unread} could not be read`
          : 'the called workload does not exist',
        missing: [unread ?? describeWorkload(request.to.workload)],
      },
    );
  }
  const enforcement = resolveEnforcement({ snapshot, request });
  if ('decision' in enforcement) {
    return answer(enforcement, enforcement);
  }
  const subject: PolicySubject = {
    namespace: request.to.workload.namespace,
    labels: readWorkload(object).labels,
  };
  const waypoint =
    enforcement.enforcedBy === 'ztunnel' && enforcement.identity
      ? findWaypoint(snapshot, request)
      : undefined;
  return waypoint
    ? decideAtWaypoint({ snapshot, request, subject, enforcement, waypoint })
    : decideCall({ snapshot, request, subject, enforcement });
}

/**
 * The waypoint asks its policies about the caller; behind it ztunnel asks its own about the waypoint, whose
 * identity is all it sees then: a policy for the caller that selects the workload refuses the waypoint.
 *
 * Source: istio.io, "Use Layer 7 features", on the destination's policies.
 */
function decideAtWaypoint(options: {
  snapshot: MeshSnapshot;
  request: AuthorizationRequest;
  subject: PolicySubject;
  enforcement: Enforcement;
  waypoint: Waypoint;
}): AuthorizationAnswer {
  const { snapshot, request, subject, enforcement, waypoint } = options;
  const { namespace, name, service } = waypoint;
  const first = decideCall({
    snapshot,
    request,
    subject: {
      namespace,
      labels: { [GATEWAY_NAME]: name },
      waypoint: true,
      service,
    },
    enforcement: {
      ...enforcement,
      enforcedBy: 'waypoint',
      layer: request.protocol === 'tcp' ? 'tcp' : 'http',
    },
  });
  if (first.decision !== 'allow') {
    return first;
  }
  const second = decideCall({
    snapshot,
    request: {
      ...request,
      from: { namespace, serviceAccount: name, sends: 'mtls' },
    },
    subject,
    enforcement,
  });
  return {
    ...second,
    decidedBy:
      second.decision === 'allow'
        ? [...first.decidedBy, ...second.decidedBy]
        : second.decidedBy,
    reason:
      second.decision === 'allow'
        ? first.reason
        : `behind the waypoint ${namespace}/${name}, whose identity ztunnel sees: ${second.reason}`,
    considered: [...first.considered, ...second.considered],
  };
}

function decideCall(options: {
  snapshot: MeshSnapshot;
  request: AuthorizationRequest;
  subject: PolicySubject;
  enforcement: Enforcement;
}): AuthorizationAnswer {
  const { snapshot, request, subject, enforcement } = options;
  const { layer } = enforcement;
  const token = authenticateToken({
    snapshot,
    subject,
    token: layer === 'http' ? request.token : undefined,
  });
  const facts = collectFacts({
    ...options,
    ...enforcement,
    claims: token.accepted ? token.claims : null,
  });
  const asked = askPolicies({
    policies: selectPolicies({
      snapshot,
      kind: 'AuthorizationPolicy',
      subject,
    }),
    facts,
    layer,
  });
  return {
    ...answer(enforcement, decideAsked({ snapshot, asked, layer, token })),
    considered: sortByStage(asked).map(each =>
      describeAsked(snapshot, each, isApplied(each, layer)),
    ),
  };
}

/** External providers come before the token, and that before DENY and ALLOW. */
function decideAsked(options: {
  snapshot: MeshSnapshot;
  asked: readonly AskedPolicy[];
  layer: Layer;
  token: TokenOutcome;
}): Decision {
  const { snapshot, asked, layer, token } = options;
  const applied = asked.filter(each => isApplied(each, layer));
  const custom = applied.filter(({ action }) => action === 'CUSTOM');
  const first =
    layer === 'ztunnel' ? undefined : askProviders({ snapshot, custom, layer });
  if (first && first.decision !== 'unknown') {
    return first;
  }
  const local: Decision = token.accepted
    ? decide(snapshot, applied)
    : {
        decision: token.status === 403 ? 'deny' : 'refused',
        decidedBy: token.decidedBy,
        reason: token.reason,
        missing: [],
      };
  return first && local.decision !== 'deny' ? first : local;
}

/** ztunnel knows ALLOW and DENY only. Source: istio/istio convertAuthorizationPolicy. */
function isApplied({ action }: AskedPolicy, layer: Layer): boolean {
  return layer !== 'ztunnel' || action === 'ALLOW' || action === 'DENY';
}

/** Source: istio/istio pilot/pkg/networking/core buildHTTPConnectionManager. */
const STAGES = ['CUSTOM', 'AUDIT', 'DENY', 'ALLOW'];

function sortByStage(asked: readonly AskedPolicy[]): AskedPolicy[] {
  return [...asked].sort(
    (a, b) => STAGES.indexOf(a.action) - STAGES.indexOf(b.action),
  );
}

function answer(
  by: Pick<AuthorizationAnswer, 'enforcedBy' | 'proven'>,
  decision: Decision,
): AuthorizationAnswer {
  return {
    decision: decision.decision,
    decidedBy: decision.decidedBy,
    reason: decision.reason,
    missing: decision.missing,
    considered: [],
    enforcedBy: by.enforcedBy,
    proven: by.proven,
  };
}

function findUnread(snapshot: MeshSnapshot): string | undefined {
  const kind = (['AuthorizationPolicy', 'RequestAuthentication'] as const).find(
    name => !isDecidable(snapshot, name),
  );
  return kind && `${kind} objects of ${snapshot.cluster}`;
}

function describeWorkload(workload: {
  kind: string;
  namespace: string;
  name: string;
}): string {
  return `${workload.kind} ${workload.namespace}/${workload.name}`;
}
