import * as fc from 'fast-check';
import { compact, pick, sometimes, rarely } from './base';
import {
  backendRef,
  outsideHostnames,
  RoutePlace,
  routesOf,
} from './gatewayApiRoutes';

const path = pick<object>(
  { type: 'PathPrefix', value: '/' },
  { type: 'PathPrefix', value: '/cart' },
  { type: 'PathPrefix', value: '/cart/' },
  { type: 'PathPrefix', value: '/api' },
  { type: 'Exact', value: '/cart' },
  { type: 'RegularExpression', value: '/c.*' },
);

const httpMatch = fc
  .record({
    path,
    method: sometimes(pick('GET', 'POST')),
    headers: rarely(
      pick<object[]>(
        [{ name: 'x-v', value: 'v1' }],
        [
          { name: 'X-User', value: 'anna' },
          { name: 'x-v', value: 'v.*', type: 'RegularExpression' },
        ],
      ),
      3,
    ),
    queryParams: rarely(pick<object[]>([{ name: 'x', value: '1' }]), 5),
  })
  .map(compact);

const filters = (inMesh: boolean) =>
  rarely(
    pick<object[]>(
      [
        {
          type: 'RequestHeaderModifier',
          requestHeaderModifier: {
            set: [{ name: 'Host', value: 'set.example.com' }],
          },
        },
      ],
      [
        {
          type: 'RequestRedirect',
          requestRedirect: { hostname: 'moved.example.com', statusCode: 302 },
        },
      ],
      [
        {
          type: 'RequestRedirect',
          requestRedirect: {
            scheme: 'https',
            statusCode: 301,
            path: { type: 'ReplaceFullPath', replaceFullPath: '/new' },
          },
        },
      ],
      [
        {
          type: 'URLRewrite',
          urlRewrite: {
            hostname: 'else.example.com',
            path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' },
          },
        },
      ],
      [
        {
          type: 'URLRewrite',
          urlRewrite: {
            path: { type: 'ReplaceFullPath', replaceFullPath: '/full' },
          },
        },
      ],
      [
        {
          type: 'RequestMirror',
          requestMirror: {
            backendRef: { name: 'api', namespace: 'a', port: 80 },
            ...(inMesh ? {} : { percent: 25 }),
          },
        },
      ],
      [
        {
          type: 'RequestMirror',
          requestMirror: { backendRef: { name: 'nobody', port: 80 } },
        },
      ],
      [
        {
          type: 'ExtensionRef',
          extensionRef: { group: 'x', kind: 'Y', name: 'z' },
        },
      ],
    ),
    3,
  );

const httpRule = (inMesh: boolean) =>
  fc
    .record({
      matches: fc.array(httpMatch, { minLength: 1, maxLength: 3 }),
      filters: filters(inMesh),
      backendRefs: fc.array(backendRef, { maxLength: 3 }),
      timeouts: rarely(
        pick<object>(
          { request: '5s' },
          { backendRequest: '2s' },
          { request: '10s', backendRequest: '3s' },
          { request: '0s' },
        ),
        4,
      ),
      retry: rarely(
        pick<object>(
          { attempts: 3, codes: [500, 503] },
          { codes: [502] },
          { attempts: 0 },
        ),
        4,
      ),
    })
    .map(compact);

/** HTTPRoutes of Services, or of the Gateway. */
export const httpRoutes = (place: RoutePlace) =>
  routesOf({
    kind: 'HTTPRoute',
    prefix: 'r',
    place,
    rules: fc.array(httpRule(place === 'mesh'), { minLength: 1, maxLength: 3 }),
    // The mesh takes its parents' names.
    hostnames: place === 'mesh' ? undefined : outsideHostnames,
  });
