import { EntityMatch } from '../../entity/types';
import { isDecidable } from '../../snapshot/readiness';
import { MeshSnapshot } from '../../snapshot/types';
import { findGatewayExposures } from './findGatewayExposures';
import { readOuterService } from './readOuterService';
import { resolveOutboundReach } from './resolveOutboundReach';
import { CertificateKnowledge } from '../certificates/types';
import { ExposureAnswer } from './types';

/**
 * From where a component can be called outside its cluster, through gateways and past them, and what it
 * may call outside. Ingress objects are not among what the portal reads, Secrets only where that is switched
 * on, and the answer says where that matters.
 */
export function resolveExposure(options: {
  snapshot: MeshSnapshot;
  match: EntityMatch;
  /** Epoch milliseconds, for the end of certificates. */
  now: number;
  certificates?: CertificateKnowledge;
}): ExposureAnswer {
  const { snapshot, match, now, certificates } = options;
  const services = match.services.filter(
    ({ cluster }) => cluster === snapshot.cluster,
  );
  const gateways = findGatewayExposures(snapshot, {
    hosts: new Set(services.map(({ host }) => host)),
    now,
    ...(certificates ? { knowledge: certificates } : {}),
  });
  return {
    cluster: snapshot.cluster,
    gateways,
    services: services
      .flatMap(
        ({ namespace, name }) => snapshot.get('Service', namespace, name) ?? [],
      )
      .map(object => readOuterService(snapshot, object))
      .filter(({ reach }) => reach !== 'inside'),
    outbound: resolveOutboundReach(snapshot, match),
    caveats: [
      ...unread(snapshot),
      'Ingress objects are not read: what they expose is not in this answer.',
    ],
  };
}

const NEEDED = [
  'Service',
  'VirtualService',
  'Gateway',
  'KubernetesGateway',
  'HTTPRoute',
  'GRPCRoute',
  'TLSRoute',
  'TCPRoute',
  'ServiceEntry',
] as const;

function unread(snapshot: MeshSnapshot): string[] {
  return NEEDED.filter(kind => !isDecidable(snapshot, kind)).map(kind => {
    const name = kind === 'KubernetesGateway' ? 'Gateway (Gateway API)' : kind;
    return `${name} objects could not be read: what they open is not in this answer.`;
  });
}
