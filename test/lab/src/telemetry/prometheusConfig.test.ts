import { relabelings } from './prometheusConfig';

/** What Prometheus does with `replace` and `labeldrop` rules. */
function relabel(
  labels: Record<string, string>,
  rules: ReturnType<typeof relabelings>,
): Record<string, string> {
  const result = { ...labels };
  for (const rule of rules) {
    const regex = new RegExp(`^(?:${rule.regex})$`);
    if (rule.action === 'labeldrop') {
      for (const name of Object.keys(result)) {
        if (regex.test(name)) delete result[name];
      }
      continue;
    }
    const value = (rule.source_labels ?? [])
      .map(name => result[name] ?? '')
      .join(rule.separator ?? ';');
    const match = regex.exec(value);
    if (!match || !rule.target_label) continue;
    result[rule.target_label] = (rule.replacement ?? '$1').replace(
      /\$(\d)/g,
      (_, index) => match[Number(index)] ?? '',
    );
  }
  return result;
}

const known = [
  { address: '10.20.7.2', peer: 'short;x;short;v0;Kubernetes' },
  {
    address: '10.20.7.21',
    peer: 'legacy-billing;legacy;legacy-billing;v1;Kubernetes',
  },
];
const tags = {
  __name__: 'envoy_istio_requests_total',
  dst: 'payments-v1;payments;payments;v1;Kubernetes',
  svc: '{"services":[{"host":"payments.payments.svc.cluster.local","name":"payments","namespace":"payments"}]}',
  cluster: 'inbound|8080||',
  source_principal: '-',
  destination_principal: '-',
  reporter: 'destination',
};

describe('relabelings', () => {
  it('names a plaintext caller by its address', () => {
    expect(relabel({ ...tags, src: '10.20.7.21' }, relabelings(known))).toEqual(
      {
        __name__: 'istio_requests_total',
        reporter: 'destination',
        connection_security_policy: 'none',
        source_address: '10.20.7.21',
        source_workload: 'legacy-billing',
        source_workload_namespace: 'legacy',
        source_canonical_service: 'legacy-billing',
        source_canonical_revision: 'v1',
        source_app: 'legacy-billing',
        source_version: 'v1',
        source_cluster: 'Kubernetes',
        source_principal: 'unknown',
        destination_workload: 'payments-v1',
        destination_workload_namespace: 'payments',
        destination_canonical_service: 'payments',
        destination_canonical_revision: 'v1',
        destination_app: 'payments',
        destination_version: 'v1',
        destination_cluster: 'Kubernetes',
        destination_principal: 'unknown',
        destination_service: 'payments.payments.svc.cluster.local',
        destination_service_name: 'payments',
        destination_service_namespace: 'payments',
      },
    );
  });

  it('calls an address that nobody has unknown, and keeps it', () => {
    expect(
      relabel({ ...tags, src: '192.0.2.9' }, relabelings(known)),
    ).toMatchObject({
      source_workload: 'unknown',
      source_address: '192.0.2.9',
    });
  });

  it('takes a certificate for mutual TLS, at the server only', () => {
    const principal = 'spiffe://cluster.local/ns/storefront/sa/checkout';
    const src = 'checkout;storefront;checkout;v1;Kubernetes';
    const both = { ...tags, src, source_principal: principal };
    expect(relabel(both, relabelings([]))).toMatchObject({
      source_workload: 'checkout',
      connection_security_policy: 'mutual_tls',
      source_principal: principal,
    });
    expect(
      relabel({ ...both, reporter: 'source' }, relabelings([])),
    ).toMatchObject({ connection_security_policy: 'unknown' });
  });

  it('takes the service of an outbound cluster without metadata from its name', () => {
    expect(
      relabel(
        {
          ...tags,
          reporter: 'source',
          src: 'a;b;c;d;e',
          svc: '-',
          cluster: 'outbound|80||cardnet.example;',
        },
        relabelings([]),
      ),
    ).toMatchObject({
      destination_service: 'cardnet.example',
      destination_service_name: 'cardnet.example',
    });
  });

  it('leaves the series of others alone', () => {
    expect(
      relabel({ __name__: 'pilot_xds', reporter: '' }, relabelings([])),
    ).not.toHaveProperty('source_workload');
  });
});
