import { classify } from './countRequests';

const SERVICES = '/apis/networking.istio.io/v1/virtualservices';

describe('classify', () => {
  it.each([
    ['GET', '/version', 'probes'],
    ['GET', `${SERVICES}?limit=500&continue=abc`, 'watches'],
    ['GET', `${SERVICES}?watch=true&resourceVersion=7`, 'watches'],
    [
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      'accessReviews',
    ],
    ['GET', `${SERVICES}`, 'otherKubernetes'],
    ['GET', '/api/v1/namespaces/catalog/pods/reviews', 'otherKubernetes'],
    ['PATCH', `${SERVICES}/reviews?watch=true`, 'otherKubernetes'],
    ['POST', '/prometheus/api/v1/query', 'queries'],
    ['POST', '/prometheus/api/v1/query_range', 'rangeQueries'],
    ['GET', '/prometheus/api/v1/labels', 'queries'],
    ['POST', '/sandbox/world', undefined],
    ['GET', '/jaeger/api/traces', undefined],
  ])('%s %s is %s', (method, url, kind) => {
    expect(classify(method, url)).toBe(kind);
  });
});
