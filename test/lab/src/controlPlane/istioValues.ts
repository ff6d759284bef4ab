/**
 * The installation that istioctl renders from the charts inside it. `defaultRevision` is needed for the
 * validating webhook to match objects without a revision label.
 */
export const istioValues = (envoy: string) => ({
  apiVersion: 'install.istio.io/v1alpha1',
  kind: 'IstioOperator',
  spec: {
    profile: 'minimal',
    meshConfig: {
      accessLogFile: '/dev/stdout',
      accessLogEncoding: 'JSON',
      enableAutoMtls: true,
      connectTimeout: '10s',
      outboundTrafficPolicy: { mode: 'ALLOW_ANY' },
      ingressControllerMode: 'OFF',
      enableTracing: true,
      defaultProviders: { metrics: [], tracing: ['otel'] },
      extensionProviders: [
        {
          name: 'otel',
          opentelemetry: {
            service: 'jaeger-collector.istio-system.svc.cluster.local',
            port: 4317,
          },
        },
      ],
      defaultConfig: {
        binaryPath: envoy,
        concurrency: 1,
        proxyStatsMatcher: {
          // Nobody asks for the hundreds of series that Envoy keeps per cluster.
          inclusionPrefixes: ['istio', 'http_local_rate_limiter'],
          inclusionSuffixes: ['outlier_detection.ejections_active'],
        },
        proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' },
      },
    },
    values: {
      defaultRevision: 'default',
      base: {
        validationURL: 'https://istiod.istio-system.svc:15017/validate',
      },
      istiodRemote: {
        injectionURL: 'https://istiod.istio-system.svc:15017/inject',
      },
      telemetry: { enabled: true, v2: { prometheus: { enabled: false } } },
    },
  },
});
