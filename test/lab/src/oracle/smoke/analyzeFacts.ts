import { collectFacts } from './fact';
import { http, istio, pa, service, v1, vs } from './worlds';

const { facts, analyze } = collectFacts();

/** What `istioctl analyze` says. */
export const analyzeFacts = facts;

const noHost = vs(
  'r',
  '{hosts: [nowhere], http: [{route: [{destination: {host: nowhere}}]}]}',
);
const namespace = `
apiVersion: v1
kind: Namespace
metadata: {name: default, labels: {istio-injection: enabled}}
---`;
analyze('istioctl on files skips analyzers that need Services', noHost, []);
analyze('with runtime resources the host is checked', noHost, ['IST0101'], {
  runtimeResources: true,
});
analyze('subset without DestinationRule', http(`{route: [${v1}]}`), [
  'IST0101',
]);
analyze(
  'schema errors are IST0106',
  pa('p', '{portLevelMtls: {8080: {mode: STRICT}}}'),
  ['IST0106'],
);
analyze(
  'port naming',
  namespace + service('a', { portName: 'foo' }),
  ['IST0118'],
  { runtimeResources: true },
);
const toIngress = istio(
  'Gateway',
  'gw',
  '{selector: {istio: ingressgateway}, servers: [{hosts: [a.example.com], port: {number: 80, name: http, protocol: HTTP}}]}',
);
analyze('the dummy ingress gateway satisfies a selector', toIngress, [], {
  runtimeResources: true,
});
analyze('without the dummy gateway', toIngress, ['IST0101'], {
  runtimeResources: true,
  noDefaultGateway: true,
});
