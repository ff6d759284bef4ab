/** Of a Kubernetes object, what the journeys read and write. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    resourceVersion?: string;
  };
  spec: {
    http?: { route: { weight?: number }[] }[];
    [field: string]: unknown;
  };
}

const ISTIO = '/apis/networking.istio.io/v1/namespaces';
const SECURITY = '/apis/security.istio.io/v1/namespaces';

export const REVIEWS_ROUTE = `${ISTIO}/catalog/virtualservices/reviews`;
export const RULES = `${ISTIO}/catalog/destinationrules`;
export const POLICIES = `${SECURITY}/payments/authorizationpolicies`;
export const PAYMENTS_POLICY = `${SECURITY}/payments/peerauthentications/payments`;
export const REVIEWS = 'component:default/reviews';
export const PAYMENTS = 'component:default/payments';
