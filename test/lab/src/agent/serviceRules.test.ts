import { serviceHosts, serviceRules } from './serviceRules';

const service = {
  metadata: { name: 'payments', namespace: 'payments' },
  spec: {
    clusterIP: '10.96.1.2',
    ports: [
      { name: 'http', port: 8080 },
      { name: 'grpc', port: 9443 },
    ],
  },
};
const headless = {
  metadata: { name: 'quiet', namespace: 'payments' },
  spec: { clusterIP: 'None', ports: [{ port: 1 }] },
};
const slice = {
  metadata: {
    namespace: 'payments',
    labels: { 'kubernetes.io/service-name': 'payments' },
  },
  endpoints: [
    { addresses: ['10.20.7.31'] },
    { addresses: ['10.20.7.30'], conditions: { ready: true } },
    { addresses: ['10.20.7.32'], conditions: { ready: false } },
  ],
  ports: [{ name: 'http', port: 18080 }],
};

describe('serviceRules', () => {
  it('spreads evenly over the ready endpoints and leads nowhere without one', () => {
    const rules = serviceRules([service, headless], [slice]).split('\n');
    expect(rules).toEqual([
      '*nat',
      ':OUTPUT ACCEPT [0:0]',
      '-A OUTPUT -d 10.96.1.2/32 -p tcp --dport 8080 -m statistic --mode random --probability 0.50000 -j DNAT --to-destination 10.20.7.30:18080',
      '-A OUTPUT -d 10.96.1.2/32 -p tcp --dport 8080 -j DNAT --to-destination 10.20.7.31:18080',
      'COMMIT',
      '',
    ]);
  });
});

describe('serviceHosts', () => {
  it('knows the short name in the own namespace only', () => {
    expect(serviceHosts([service, headless], 'legacy')).toBe(
      '10.96.1.2 payments.payments payments.payments.svc payments.payments.svc.cluster.local\n',
    );
    expect(serviceHosts([service], 'payments')).toMatch(/^10.96.1.2 payments /);
  });
});
