import { KubeObject } from './types';

/** Entity ref of the namespace's owner, set by who runs the cluster; several are separated by commas. */
export const OWNER_ANNOTATION = 'istio-portal.dev/owner';

/** What labels ask for, and which of them. */
export interface InjectionWish {
  wanted: boolean;
  /** What says so: "namespace label istio-injection=enabled". */
  why: string;
}

/**
 * Whether pods of this shape in this namespace are to get a sidecar. The pod's own word beats the
 * namespace's; `istio-injection` of a namespace beats its revision label.
 *
 * Source: istio.io "Installing the Sidecar", controlling the injection policy.
 */
export function resolveInjection(
  namespace: KubeObject | undefined,
  podLabels: Readonly<Record<string, string>>,
): InjectionWish {
  const labels = namespace?.metadata.labels ?? {};
  const pod = podLabels['sidecar.istio.io/inject'];
  const injection = labels['istio-injection'];
  const revision = podLabels['istio.io/rev'] ?? labels['istio.io/rev'];
  if (injection === 'disabled') {
    return { wanted: false, why: 'namespace label istio-injection=disabled' };
  }
  if (pod !== undefined) {
    return {
      wanted: pod === 'true',
      why: `pod label sidecar.istio.io/inject=${pod}`,
    };
  }
  if (injection === 'enabled') {
    return { wanted: true, why: 'namespace label istio-injection=enabled' };
  }
  if (revision !== undefined) {
    const where = podLabels['istio.io/rev'] === undefined ? 'namespace' : 'pod';
    return { wanted: true, why: `${where} label istio.io/rev=${revision}` };
  }
  return { wanted: false, why: 'no label asks for a proxy' };
}

/**
 * Whether pods of this shape in this namespace are to be captured by ztunnel.
 *
 * Source: istio.io "Add workloads to an ambient mesh".
 */
export function resolveAmbientWish(
  namespace: KubeObject | undefined,
  podLabels: Readonly<Record<string, string>>,
): InjectionWish {
  const key = 'istio.io/dataplane-mode';
  const pod = podLabels[key];
  const inherited = namespace?.metadata.labels?.[key];
  const value = pod ?? inherited;
  if (value === undefined) {
    return { wanted: false, why: 'no label asks for ambient mode' };
  }
  return {
    wanted: value === 'ambient',
    why: `${pod === undefined ? 'namespace' : 'pod'} label ${key}=${value}`,
  };
}
