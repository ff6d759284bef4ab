import { knownAddresses, targetsOf } from './prometheusTargets';

const pod = (name: string) => ({
  metadata: { name, namespace: 'n', uid: name, labels: { app: name } },
  spec: { containers: [] },
});
const pods = [
  { pod: pod('a'), address: '10.20.7.20', hasProxy: true },
  { pod: pod('b'), address: '10.20.7.21', hasProxy: false },
];

it('scrapes proxies and names everybody', () => {
  expect(targetsOf(pods)).toEqual([
    { targets: ['10.20.7.20:15020'], labels: { namespace: 'n', pod: 'a' } },
  ]);
  expect(knownAddresses(pods)).toEqual([
    { address: '10.20.7.20', peer: 'a;n;a;latest;Kubernetes' },
    { address: '10.20.7.21', peer: 'b;n;b;latest;Kubernetes' },
  ]);
});
