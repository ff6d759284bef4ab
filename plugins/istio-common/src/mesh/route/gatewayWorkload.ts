import { labelsOf } from '../../resources/fields';
import { serviceOfHost } from '../../resources/host';
import { Labels } from '../../resources/selector';
import { readService } from '../../resources/service';
import { readWorkload } from '../../resources/workload';
import { MeshSnapshot } from '../../snapshot/types';
import { GatewayServer } from './gatewayServerModel';

/** The pods a Gateway selects, wherever they run; without any, pods with just the labels it asks for. */
export function proxyOfGateway(
  snapshot: MeshSnapshot,
  server: GatewayServer,
): { workload: { namespace: string; labels: Labels }; caveats: string[] } {
  const { namespace } = server;
  if (server.proxies.by === 'service') {
    const [host = ''] = server.proxies.hosts;
    const name = serviceOfHost(host, snapshot.domain);
    const service = name && snapshot.get('Service', name.namespace, name.name);
    return {
      workload: {
        namespace,
        labels: service ? readService(service).selector : {},
      },
      caveats: service
        ? []
        : [`Service ${host} of the Gateway's proxy is not there.`],
    };
  }
  const { selector } = server.proxies;
  const [pod] = [
    ...snapshot.podsMatching(namespace, selector),
    ...snapshot
      .findWorkloads(selector)
      .flatMap(({ key }) => snapshot.podsOf(key)),
  ];
  if (pod) {
    return {
      workload: {
        namespace: pod.metadata.namespace ?? namespace,
        labels: labelsOf(pod.metadata.labels),
      },
      caveats: [],
    };
  }
  const [found] = snapshot.findWorkloads(selector);
  const object = found && snapshot.workload(found.key);
  return object
    ? {
        workload: {
          namespace: found.key.namespace,
          labels: readWorkload(object).labels,
        },
        caveats: [],
      }
    : {
        workload: { namespace, labels: selector },
        caveats: [
          'No proxy that the Gateway selects is known: one in its namespace is assumed.',
        ],
      };
}
