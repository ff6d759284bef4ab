import { createServiceFactory } from '@backstage/backend-plugin-api';
import type { IstioApi } from '@istio-backstage/plugin-istio-common';
import { istioServiceRef } from '../istioServiceRef';

/** The Istio service with these methods, whoever asks; a method that is not given throws. */
export function istioServiceMock(methods: Partial<IstioApi>) {
  const api = new Proxy(methods, {
    get(target, name) {
      const method = target[name as keyof IstioApi];
      if (method) return method;
      throw new Error(`istioServiceMock has no '${String(name)}'`);
    },
  }) as IstioApi;
  return createServiceFactory({
    service: istioServiceRef,
    deps: {},
    factory: () => ({ as: () => api }),
  });
}
