/** What Istio says of one of its annotations. */
export interface AnnotationInfo {
  /** Kinds it may stand on; `Any` for all. */
  on: readonly string[];
  deprecated?: true;
  /** May change or go in any release. */
  alpha?: true;
}

/** The annotations of Istio 1.31. Source: istio/api annotation/annotations.yaml. */
export const KNOWN_ANNOTATIONS: Readonly<Record<string, AnnotationInfo>> = {
  'prometheus.istio.io/merge-metrics': { on: ['Pod'], alpha: true },
  'alpha.istio.io/kubernetes-serviceaccounts': {
    on: ['Service'],
    deprecated: true,
    alpha: true,
  },
  'alpha.istio.io/canonical-serviceaccounts': {
    on: ['Service'],
    deprecated: true,
    alpha: true,
  },
  'networking.istio.io/exportTo': { on: ['Service'], alpha: true },
  'sidecar.istio.io/inject': { on: ['Pod'], deprecated: true },
  'sidecar.istio.io/status': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/rewriteAppHTTPProbers': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/discoveryAddress': {
    on: ['Pod'],
    deprecated: true,
    alpha: true,
  },
  'sidecar.istio.io/proxyImage': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/proxyImageType': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/proxyCPU': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/proxyCPULimit': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/proxyMemory': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/proxyMemoryLimit': { on: ['Pod'] },
  'sidecar.istio.io/interceptionMode': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/bootstrapOverride': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/statsInclusionPrefixes': {
    on: ['Pod'],
    deprecated: true,
    alpha: true,
  },
  'sidecar.istio.io/statsInclusionSuffixes': {
    on: ['Pod'],
    deprecated: true,
    alpha: true,
  },
  'sidecar.istio.io/statsInclusionRegexps': {
    on: ['Pod'],
    deprecated: true,
    alpha: true,
  },
  'sidecar.istio.io/statsHistogramBuckets': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/statsFlushInterval': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/statsEvictionInterval': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/statsHistogramBins': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/userVolume': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/userVolumeMount': { on: ['Pod'] },
  'status.sidecar.istio.io/port': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/logLevel': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/componentLogLevel': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/agentLogLevel': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/nativeSidecar': { on: ['Pod'], alpha: true },
  'readiness.status.sidecar.istio.io/initialDelaySeconds': {
    on: ['Pod'],
    alpha: true,
  },
  'readiness.status.sidecar.istio.io/periodSeconds': {
    on: ['Pod'],
    alpha: true,
  },
  'readiness.status.sidecar.istio.io/failureThreshold': {
    on: ['Pod'],
    alpha: true,
  },
  'readiness.status.sidecar.istio.io/applicationPorts': {
    on: ['Pod'],
    alpha: true,
  },
  'traffic.istio.io/nodeSelector': { on: ['Service'] },
  'traffic.sidecar.istio.io/includeOutboundIPRanges': {
    on: ['Pod'],
    alpha: true,
  },
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': {
    on: ['Pod'],
    alpha: true,
  },
  'traffic.sidecar.istio.io/includeInboundPorts': { on: ['Pod'] },
  'traffic.sidecar.istio.io/excludeInboundPorts': { on: ['Pod'], alpha: true },
  'traffic.sidecar.istio.io/excludeInterfaces': { on: ['Pod'], alpha: true },
  'traffic.sidecar.istio.io/includeOutboundPorts': { on: ['Pod'], alpha: true },
  'traffic.sidecar.istio.io/excludeOutboundPorts': { on: ['Pod'], alpha: true },
  'traffic.sidecar.istio.io/kubevirtInterfaces': {
    on: ['Pod'],
    deprecated: true,
    alpha: true,
  },
  'kubernetes.io/ingress.class': { on: ['Ingress'] },
  'galley.istio.io/analyze-suppress': { on: ['Any'], alpha: true },
  'proxy.istio.io/config': { on: ['Pod'] },
  'istio.io/dry-run': { on: ['AuthorizationPolicy'], alpha: true },
  'istio.io/rev': { on: ['Pod'], alpha: true },
  'proxy.istio.io/overrides': { on: ['Pod'], alpha: true },
  'inject.istio.io/templates': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/extraStatTags': {
    on: ['Pod'],
    deprecated: true,
    alpha: true,
  },
  'istio.io/autoRegistrationGroup': { on: ['WorkloadEntry'], alpha: true },
  'istio.io/workloadController': { on: ['WorkloadEntry'], alpha: true },
  'istio.io/connectedAt': { on: ['WorkloadEntry'], alpha: true },
  'istio.io/disconnectedAt': { on: ['WorkloadEntry'], alpha: true },
  'topology.istio.io/controlPlaneClusters': { on: ['Namespace'], alpha: true },
  'gateway.istio.io/controller-version': { on: ['Any'], alpha: true },
  'ambient.istio.io/redirection': { on: ['Pod'] },
  'ambient.istio.io/waypoint-inbound-binding': {
    on: ['GatewayClass', 'Gateway'],
    alpha: true,
  },
  'gateway.istio.io/service-account': { on: ['Gateway'], alpha: true },
  'gateway.istio.io/name-override': { on: ['Gateway'], alpha: true },
  'networking.istio.io/service-type': { on: ['Gateway'], alpha: true },
  'networking.istio.io/traffic-distribution': {
    on: ['Namespace', 'Service', 'ServiceEntry'],
    alpha: true,
  },
  'istio.io/use-waypoint-canary-weight': {
    on: ['Service', 'ServiceEntry', 'Namespace'],
    alpha: true,
  },
  'ambient.istio.io/bypass-inbound-capture': { on: ['Pod'], alpha: true },
  'istio.io/reroute-virtual-interfaces': { on: ['Pod'], alpha: true },
  'ambient.istio.io/dns-capture': { on: ['Pod'], alpha: true },
  'sidecar.istio.io/statsCompression': {
    on: ['Pod'],
    deprecated: true,
    alpha: true,
  },
};

/** Written by Istio itself. Source: istio/istio analyzers/maturity AlwaysIgnoredAnnotations. */
const OWN: ReadonlySet<string> = new Set([
  'sidecar.istio.io/status',
  'gateway.istio.io/controller-version',
  'istio.io/rev',
]);

/** Whether a person wrote it for Istio to read. */
export function isForIstio(annotation: string): boolean {
  const [domain] = annotation.split('/');
  return (
    (annotation === 'kubernetes.io/ingress.class' ||
      domain.endsWith('istio.io')) &&
    !OWN.has(annotation)
  );
}
