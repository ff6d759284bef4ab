import * as fc from 'fast-check';
import { compact, pick, sometimes, rarely } from './base';
import {
  backendRef,
  outsideHostnames,
  RoutePlace,
  routesOf,
} from './gatewayApiRoutes';

/** What GRPCRoutes match and requests call. */
export const GRPC_PATHS = [
  '/shop.Cart/Add',
  '/shop.Cart/Remove',
  '/shop.Catalog/List',
  '/Add',
];

const grpcMatch = fc
  .record({
    method: sometimes(
      pick<object>(
        { service: 'shop.Cart' },
        { method: 'Add' },
        { service: 'shop.Cart', method: 'Add' },
        { type: 'Exact', service: 'shop.Catalog', method: 'List' },
        { type: 'RegularExpression', service: 'shop\\..+' },
        { type: 'RegularExpression', method: 'A.+' },
        {
          type: 'RegularExpression',
          service: 'shop.C.*',
          method: '(Add|List)',
        },
      ),
    ),
    headers: rarely(
      pick<object[]>(
        [{ name: 'x-v', value: 'v1' }],
        [{ name: 'x-v', value: 'v.*', type: 'RegularExpression' }],
      ),
      3,
    ),
  })
  .map(compact);

const grpcFilters = rarely(
  pick<object[]>(
    [
      {
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: 'x-set', value: '1' }] },
      },
    ],
    [
      {
        type: 'RequestMirror',
        requestMirror: {
          backendRef: { name: 'api', namespace: 'a', port: 80 },
        },
      },
    ],
    [
      {
        type: 'ExtensionRef',
        extensionRef: { group: 'x', kind: 'Y', name: 'z' },
      },
    ],
  ),
  5,
);

const grpcRule = fc
  .record({
    name: rarely(pick('named'), 8),
    matches: rarely(fc.array(grpcMatch, { minLength: 1, maxLength: 3 }), 2),
    filters: grpcFilters,
    backendRefs: fc.array(backendRef, { maxLength: 3 }),
  })
  .map(compact);

/** GRPCRoutes of Services, or of the Gateway. */
export const grpcRoutes = (place: RoutePlace) =>
  routesOf({
    kind: 'GRPCRoute',
    prefix: 'g',
    place,
    rules: fc.array(grpcRule, { minLength: 1, maxLength: 3 }),
    hostnames: place === 'mesh' ? undefined : outsideHostnames,
  });

/** One rule, as the API has it. */
const connectionRule = fc
  .record({
    backendRefs: fc.array(backendRef, { minLength: 1, maxLength: 3 }),
  })
  .map(rule => [rule]);

/** TCPRoutes of Services, or of the Gateway. */
export const tcpRoutes = (place: RoutePlace) =>
  routesOf({
    kind: 'TCPRoute',
    prefix: 't',
    place,
    rules: connectionRule,
    minLength: 0,
  });

/** TLSRoutes of Services, or of the Gateway. */
export const tlsRoutes = (place: RoutePlace) =>
  routesOf({
    kind: 'TLSRoute',
    prefix: 's',
    place,
    rules: connectionRule,
    hostnames:
      place === 'gateway'
        ? outsideHostnames
        : fc.uniqueArray(
            pick(
              'store.b.svc.cluster.local',
              '*.b.svc.cluster.local',
              'ext.example.com',
              '*.example.com',
              '*.local',
            ),
            { minLength: 1, maxLength: 2 },
          ),
    minLength: 0,
  });
