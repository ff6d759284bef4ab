import { namespacedName } from '../../resources/objectKey';
import { DecidedBy } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { ConsolidatedRule } from './destinationRules';
import { ProxyView } from './proxyView';
import { Origin } from './routeTable';
import { PassedOver } from './tableRoutes';
import { ResolvedTarget, RouteAnswer, RouteOutcome } from './types';

/** An answer with nothing in it yet. */
export function emptyAnswer(
  outcome: RouteOutcome,
  rest: Partial<RouteAnswer> = {},
): RouteAnswer {
  return {
    outcome,
    matched: false,
    destinations: [],
    decidedBy: [],
    considered: [],
    unreachable: [],
    shadowed: [],
    caveats: [],
    ...rest,
  };
}

/** An object's field as what decided. */
export function decidedByOrigin(
  snapshot: MeshSnapshot,
  { object, path }: Origin,
): DecidedBy {
  return { by: 'object', object: snapshot.refOf(object), fieldPath: path };
}

/** The subset's definition as what decided, where the target has one. */
export function decidedBySubset(
  snapshot: MeshSnapshot,
  target: ResolvedTarget,
  rule: ConsolidatedRule | undefined,
): DecidedBy[] {
  const subset = rule?.subsets.find(({ name }) => name === target.subset);
  return subset
    ? [
        decidedByOrigin(snapshot, {
          object: subset.object,
          path: `spec.${subset.fieldPath}`,
        }),
      ]
    : [];
}

/**
 * What happens to a destination that nobody declared: sent on as it is, refused, or sent to the egress
 * proxy of the Sidecar.
 *
 * Source: istio/istio pilot/pkg/networking/core buildCatchAllVirtualHost (1.31).
 */
export function unknownDestination(
  view: ProxyView,
  reason: string,
): RouteAnswer {
  const { snapshot, scope, outboundMode } = view;
  const decidedBy: DecidedBy[] = [whoSetOutboundMode(view)];
  if (outboundMode === 'REGISTRY_ONLY') {
    return emptyAnswer('blackhole', {
      reason: `${reason} Unknown destinations are refused.`,
      decidedBy,
    });
  }
  if (scope.egressProxy && scope.sidecar) {
    const { host, subset, port } = scope.egressProxy;
    const number = (port as { number?: unknown } | undefined)?.number;
    return emptyAnswer('routed', {
      reason: `${reason} The Sidecar sends unknown destinations to its egress proxy.`,
      destinations: [
        {
          host: String(host ?? ''),
          ...(typeof subset === 'string' ? { subset } : {}),
          port: typeof number === 'number' ? number : 0,
          percent: 100,
        },
      ],
      decidedBy: [
        decidedByOrigin(snapshot, {
          object: scope.sidecar,
          path: 'spec.outboundTrafficPolicy.egressProxy',
        }),
      ],
    });
  }
  return emptyAnswer('passthrough', {
    reason: `${reason} Unknown destinations are sent on as they are.`,
    decidedBy,
  });
}

/** What decides whether unknown destinations are sent on. */
export function whoSetOutboundMode({ snapshot, scope }: ProxyView): DecidedBy {
  if (scope.sidecar && scope.outboundMode !== undefined) {
    return decidedByOrigin(snapshot, {
      object: scope.sidecar,
      path: 'spec.outboundTrafficPolicy.mode',
    });
  }
  return snapshot.meshConfig?.outboundTrafficPolicy === undefined
    ? {
        by: 'istioDefault',
        note: 'outboundTrafficPolicy ALLOW_ANY: unknown destinations pass through',
      }
    : { by: 'meshConfig', fieldPath: 'outboundTrafficPolicy.mode' };
}

/** Rules and matches that did not take the request, as a part of an answer. */
export function describePassedOver(
  snapshot: MeshSnapshot,
  passedOver: readonly PassedOver[],
): Pick<RouteAnswer, 'considered' | 'unreachable'> {
  const parts = passedOver.map(({ rule, match, reason, text }) => ({
    object: snapshot.refOf(rule.object),
    path: match?.path ?? rule.path,
    reason,
    text,
  }));
  return {
    considered: parts.filter(({ reason }) => reason !== 'behindCatchAll'),
    unreachable: parts
      .filter(({ reason }) => reason === 'behindCatchAll')
      .map(({ object, path, text }) => ({ object, path, text })),
  };
}

/** `VirtualService shop/web`, for sentences. */
export function nameOf(origin: Pick<Origin, 'object'>): string {
  const { kind, metadata } = origin.object;
  return `${kind} ${namespacedName(metadata)}`;
}
