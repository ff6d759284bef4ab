import * as fc from 'fast-check';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { aged } from '../world/objects';
import {
  compact,
  day,
  exportTo,
  inNamespace,
  pick,
  sometimes,
  rarely,
} from './base';
import { destination } from './virtualServices';

const HOSTS = [
  'store.b.svc.cluster.local',
  'db.b.svc.cluster.local',
  'web.a.svc.cluster.local',
  'ext.example.com',
  'other.example.org',
  'cdn.wild.example.com',
  '*.wild.example.com',
  '*.example.com',
];

const route = fc.oneof(
  destination(HOSTS.filter(host => !host.startsWith('*'))).map(item => [
    { destination: item },
  ]),
  fc
    .array(
      fc.record({
        destination: destination(HOSTS.filter(host => !host.startsWith('*'))),
        weight: pick(0, 30, 70),
      }),
      { minLength: 2, maxLength: 3 },
    )
    .filter(list => list.some(({ weight }) => weight > 0)),
);

const caller = {
  port: rarely(pick(443, 9000, 7000, 8080), 3),
  sourceLabels: rarely(pick({ app: 'web' }, { app: 'store' }), 5),
  sourceNamespace: rarely(pick('a', 'b'), 5),
  gateways: rarely(pick(['mesh'], ['gw']), 6),
};

const tcp = fc.array(
  fc
    .record({
      match: rarely(
        fc.array(
          fc
            .record({
              ...caller,
              destinationSubnets: rarely(
                pick(['10.96.0.0/16'], ['240.1.0.0/16'], ['10.96.0.4/32']),
                6,
              ),
            })
            .map(compact),
          { minLength: 1, maxLength: 2 },
        ),
        3,
      ),
      route,
    })
    .map(compact),
  { minLength: 1, maxLength: 2 },
);

const tls = (hosts: readonly string[]) =>
  fc.array(
    fc.record({
      match: fc.array(
        fc
          .record({
            ...caller,
            sniHosts: pick(...hosts).map(host => [host]),
          })
          .map(compact),
        { minLength: 1, maxLength: 2 },
      ),
      route,
    }),
    { minLength: 1, maxLength: 2 },
  );

/** VirtualServices that route connections: TCP, TLS, or both. */
export const connectionVirtualServices: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc
      .uniqueArray(pick(...HOSTS), { minLength: 1, maxLength: 2 })
      .chain(hosts =>
        fc.record({
          namespace: inNamespace,
          day,
          hosts: fc.constant(hosts),
          exportTo,
          gateways: rarely(pick(['mesh'], ['mesh', 'gw'], ['gw']), 3),
          tcp: sometimes(tcp),
          tls: sometimes(tls(hosts)),
        }),
      ),
    { minLength: 1, maxLength: 4 },
  )
  .map(list =>
    list.map(({ namespace, day: created, ...spec }, index) =>
      aged(
        'VirtualService',
        { namespace, name: `vs${index}`, day: created },
        compact(spec),
      ),
    ),
  );
