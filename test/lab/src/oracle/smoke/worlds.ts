// Small worlds in YAML's flow style, so that a fact's objects fit on a line or two.

interface PodFields {
  ns?: string;
  sidecar?: boolean;
  port?: number;
  portName?: string;
}

/** A running Pod; with a sidecar as far as callers can tell. */
export function pod(
  name: string,
  labels: string,
  ip: string,
  {
    ns = 'default',
    sidecar = true,
    port = 8080,
    portName = 'http',
  }: PodFields = {},
): string {
  const tls = sidecar ? ', security.istio.io/tlsMode: istio' : '';
  return `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${ns}, labels: {${labels}${tls}}}
spec: {containers: [{name: app, image: app, ports: [{name: ${portName}, containerPort: ${port}}]}]}
status: {podIP: ${ip}}
---`;
}

interface ServiceFields {
  ns?: string;
  port?: number;
  portName?: string;
  target?: number;
  selector?: string;
}

/** A Service that selects the Pods of an app, by default its own name's. */
export function service(
  name: string,
  {
    ns = 'default',
    port = 80,
    portName = 'http',
    target = 8080,
    selector = name,
  }: ServiceFields = {},
): string {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${ns}}
spec: {selector: {app: ${selector}}, ports: [{name: ${portName}, port: ${port}, targetPort: ${target}}]}
---`;
}

interface Where {
  ns?: string;
  group?: string;
}

/** An object of one of Istio's kinds. */
export function istio(
  kind: string,
  name: string,
  spec: string,
  { ns = 'default', group = 'networking' }: Where = {},
): string {
  return `
apiVersion: ${group}.istio.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${ns}}
spec: ${spec}
---`;
}

const ofKind =
  (kind: string, group: string) =>
  (name: string, spec: string, { ns }: { ns?: string } = {}) =>
    istio(kind, name, spec, { ns, group });

/** A VirtualService. */
export const vs = ofKind('VirtualService', 'networking');
/** A DestinationRule. */
export const dr = ofKind('DestinationRule', 'networking');
/** A PeerAuthentication. */
export const pa = ofKind('PeerAuthentication', 'security');
/** An AuthorizationPolicy. */
export const ap = ofKind('AuthorizationPolicy', 'security');

/** The object of {@link istio}, created at the start of a year. */
export function dated(
  kind: string,
  name: string,
  created: number,
  spec: string,
  ns = 'default',
): string {
  return istio(kind, name, spec, { ns }).replace(
    'metadata: {',
    `metadata: {creationTimestamp: "${created}-01-01T00:00:00Z", `,
  );
}

/** reviews v1 and v2 behind one Service, a client, and ratings in namespace two. */
export const shop = [
  service('reviews'),
  pod('reviews-v1', 'app: reviews, version: v1', '10.1.0.1'),
  pod('reviews-v2', 'app: reviews, version: v2', '10.1.0.2'),
  pod('client', 'app: client', '10.1.0.9'),
  service('ratings', { ns: 'two' }),
  pod('ratings', 'app: ratings', '10.1.2.1', { ns: 'two' }),
  pod('other', 'app: other', '10.1.2.9', { ns: 'two' }),
].join('');

/** Both versions as subsets. */
export const subsets = dr(
  'reviews',
  '{host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}',
);

/** The full name of reviews. */
export const reviews = 'reviews.default.svc.cluster.local';
/** A call from namespace two to reviews. */
export const two = { host: reviews, pod: 'other', ns: 'two' };
/** The client's identity. */
export const clientId = 'spiffe://cluster.local/ns/default/sa/client';

/** A route destination. */
export function dest(subset: string, host = reviews): string {
  return `{destination: {host: ${host}, subset: ${subset}}}`;
}

export const v1 = dest('v1', 'reviews');
export const v2 = dest('v2', 'reviews');

/** The VirtualService of reviews with these rules. */
export function http(rules: string, extra = ''): string {
  return vs('reviews', `{hosts: [reviews], ${extra} http: [${rules}]}`);
}
