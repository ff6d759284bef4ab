import { formatList } from '../../telemetry/format';
import { MESH_GATEWAY } from '../../resources/virtualService';
import type { AudienceKind } from './schema';

/** Where an A/B test shall stand. */
export interface TestPlace {
  kind: 'VirtualService' | 'HTTPRoute';
  /** `mesh` for callers inside, else names of gateways. */
  gateways: readonly string[];
}

/**
 * Why a place cannot ask for such a thing; undefined where it can.
 *
 * Source: istio.io reference, HTTPMatchRequest.sourceLabels, sourceNamespace ("mesh" must be among the
 * gateways); istio.io task "JWT claim based routing" (ingress gateways only); Gateway API HTTPRouteMatch.
 */
export function explainUnsayable(
  by: AudienceKind,
  { kind, gateways }: TestPlace,
): string | undefined {
  switch (by) {
    case 'claim':
      if (kind === 'HTTPRoute') {
        return 'an HTTPRoute cannot ask for claims of a token; a VirtualService of a gateway can';
      }
      return gateways.includes(MESH_GATEWAY)
        ? 'claims of a token are known at a gateway only, and this route is in force for callers inside the mesh'
        : undefined;
    case 'sourceNamespace':
    case 'sourceWorkload':
      if (kind === 'HTTPRoute') {
        return 'an HTTPRoute cannot tell callers apart; a VirtualService can';
      }
      return gateways.includes(MESH_GATEWAY)
        ? undefined
        : `requests come in through ${formatList(
            gateways,
          )}, where callers inside the mesh are not known`;
    default:
      return undefined;
  }
}
