/** The parts of a Service and an EndpointSlice that the node agent reads. */
export interface Service {
  metadata: { name: string; namespace: string };
  spec: {
    clusterIP?: string;
    ports?: { name?: string; port: number; protocol?: string }[];
  };
}

export interface EndpointSlice {
  metadata: { namespace: string; labels?: Record<string, string> };
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean } }[];
  ports?: { name?: string; port?: number }[];
}

/** `address:port` of the ready endpoints of one port. */
function backendsOf(
  service: Service,
  portName: string | undefined,
  slices: EndpointSlice[],
): string[] {
  const { name, namespace } = service.metadata;
  return slices
    .filter(
      ({ metadata }) =>
        metadata.namespace === namespace &&
        metadata.labels?.['kubernetes.io/service-name'] === name,
    )
    .flatMap(slice => {
      const port = slice.ports?.find(
        one => (one.name ?? '') === (portName ?? ''),
      )?.port;
      if (port === undefined) return [];
      return (slice.endpoints ?? [])
        .filter(({ conditions }) => conditions?.ready !== false)
        .map(({ addresses }) => `${addresses[0]}:${port}`);
    })
    .sort();
}

const hasAddress = ({ spec }: Service) =>
  spec.clusterIP !== undefined && spec.clusterIP !== 'None';

/**
 * What kube-proxy would put in place for a Pod without a sidecar, as input of `iptables-restore`: each
 * Service's address leads to one of its ready endpoints, all with the same chance. Pure.
 */
export function serviceRules(
  services: Service[],
  slices: EndpointSlice[],
): string {
  const rules = services.filter(hasAddress).flatMap(service =>
    (service.spec.ports ?? []).flatMap(({ name, port }) => {
      const backends = backendsOf(service, name, slices);
      return backends.map((backend, index) => {
        const left = backends.length - index;
        const chance =
          left > 1
            ? ` -m statistic --mode random --probability ${(1 / left).toFixed(
                5,
              )}`
            : '';
        return `-A OUTPUT -d ${service.spec.clusterIP}/32 -p tcp --dport ${port}${chance} -j DNAT --to-destination ${backend}`;
      });
    }),
  );
  return ['*nat', ':OUTPUT ACCEPT [0:0]', ...rules, 'COMMIT', ''].join('\n');
}

/** Lines of /etc/hosts for the Services, as seen from a namespace. Pure. */
export const serviceHosts = (services: Service[], from: string) =>
  services
    .filter(hasAddress)
    .map(({ metadata: { name, namespace }, spec }) => {
      const long = `${name}.${namespace}`;
      const names = [long, `${long}.svc`, `${long}.svc.cluster.local`];
      return `${spec.clusterIP} ${[
        ...(namespace === from ? [name] : []),
        ...names,
      ].join(' ')}\n`;
    })
    .join('');
