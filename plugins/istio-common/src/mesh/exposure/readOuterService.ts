import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  textsOf,
} from '../../resources/fields';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { OuterService, Reach } from './types';

/**
 * From where a Service can be called: a load balancer, a port of every node, addresses somebody wrote,
 * or inside the cluster only.
 *
 * Source: Kubernetes reference, ServiceSpec.
 */
export function readOuterService(
  snapshot: MeshSnapshot,
  object: KubeObject,
): OuterService {
  const spec = fieldsOf(object.spec);
  const externalIps = textsOf(spec.externalIPs);
  const balancer = fieldsOf(fieldsOf(object.status).loadBalancer);
  const given = fieldsListOf(balancer.ingress).flatMap(
    entry => textOf(entry.hostname) ?? textOf(entry.ip) ?? [],
  );
  return {
    object: snapshot.refOf(object),
    reach: reachOf(textOf(spec.type), externalIps),
    addresses: [...given, ...externalIps],
    ports: fieldsListOf(spec.ports).flatMap(fields => {
      const port = numberOf(fields.port);
      const nodePort = numberOf(fields.nodePort);
      if (port === undefined) {
        return [];
      }
      return [nodePort ? { port, nodePort } : { port }];
    }),
  };
}

function reachOf(
  type: string | undefined,
  externalIps: readonly string[],
): Reach {
  if (type === 'LoadBalancer') {
    return 'loadBalancer';
  }
  if (type === 'NodePort') {
    return 'nodePort';
  }
  return externalIps.length > 0 ? 'externalIP' : 'inside';
}
