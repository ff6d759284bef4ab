import { Fields, fieldsListOf, fieldsOf } from '../../resources/fields';
import { PROXY_CONTAINER, readPod } from '../../resources/pod';
import { KubeObject } from '../../resources/types';
import { wouldRefuse, StrictServer } from './listServerPorts';
import { BreakingProbe } from './strictReadiness';

/** The agent's own ports, which the injector keeps away from the proxy's listener. */
const AGENT_PORTS = new Set([15020, 15021, 15090]);

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/**
 * Probes of live pods that go to a port of the application which would be strict. The injector sends
 * probes to the proxy's agent, unless that is turned off; the pod shows which. A TCP probe only opens a
 * connection, which a strict proxy takes. ztunnel lets the kubelet through.
 *
 * Source: istio.io, "Health Checking of Istio Services".
 */
export function findBareProbes(server: StrictServer): BreakingProbe[] {
  const { plan, workload } = server;
  const pods = plan.now
    .podsOf(workload)
    .filter(pod => !readPod(pod).gone && readPod(pod).proxy === 'sidecar');
  const found = new Map<string, BreakingProbe>();
  for (const probe of pods.flatMap(pod => probesOf(pod))) {
    if (!AGENT_PORTS.has(probe.port) && wouldRefuse(server, probe.port)) {
      found.set(`${probe.container}\n${probe.probe}`, {
        cluster: plan.now.cluster,
        namespace: workload.namespace,
        workload: workload.name,
        ...probe,
        fix: 'Let the injector rewrite it: remove the annotation sidecar.istio.io/rewriteAppHTTPProbers from the pods and restart them.',
      });
    }
  }
  return [...found.values()];
}

function probesOf(
  pod: KubeObject,
): Pick<BreakingProbe, 'container' | 'probe' | 'port'>[] {
  return fieldsListOf(fieldsOf(pod.spec).containers)
    .filter(({ name }) => name !== PROXY_CONTAINER)
    .flatMap(container =>
      PROBES.flatMap(probe => {
        const port = portOf(container, fieldsOf(container[probe]));
        return port === undefined
          ? []
          : [{ container: String(container.name), probe, port }];
      }),
    );
}

/** Of an HTTP or gRPC probe; a name is one of the container's ports. */
function portOf(container: Fields, probe: Fields): number | undefined {
  const { port } = fieldsOf(probe.httpGet ?? probe.grpc);
  if (port === undefined) {
    return undefined;
  }
  const named = fieldsListOf(container.ports).find(({ name }) => name === port);
  const number = typeof port === 'number' ? port : named?.containerPort;
  return typeof number === 'number' ? number : undefined;
}
