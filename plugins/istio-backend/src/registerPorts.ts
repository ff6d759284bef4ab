import type { BackendPluginRegistrationPoints } from '@backstage/backend-plugin-api';
import {
  ActingUserResolver,
  GuardrailPolicy,
  AuditAnchor,
  ChangeSink,
  istioActingUserExtensionPoint,
  istioCertificatesExtensionPoint,
  istioAuditExtensionPoint,
  istioChangeSinkExtensionPoint,
  istioClustersExtensionPoint,
  istioMeshExtensionPoint,
  istioPolicyExtensionPoint,
  istioProxyStatusExtensionPoint,
  istioTelemetryExtensionPoint,
} from '@istio-backstage/plugin-istio-node';
import type { AdapterOverrides } from './createClusterAdapters';
import { checkPolicyId } from './policies/checkPolicyId';

/** What modules put in the place of the plugin's own adapters; filled before the plugin starts. */
export interface PortOverrides extends AdapterOverrides {
  actingUsers?: ActingUserResolver;
  /** Guardrails beside those of the product. */
  policies: GuardrailPolicy[];
  /** Places for checkpoints, beside those of the configuration. */
  anchors: AuditAnchor[];
  /** Git hosts, beside those of the product. */
  sinks: ChangeSink[];
}

/** The ports that one module can fill. */
type SinglePort = Exclude<
  keyof PortOverrides,
  'policies' | 'anchors' | 'sinks'
>;

/** Offers one extension point per port; each can be set once. */
export function registerPorts(
  env: Pick<BackendPluginRegistrationPoints, 'registerExtensionPoint'>,
): PortOverrides {
  const overrides: PortOverrides = {
    policies: [],
    anchors: [],
    sinks: [],
  };
  const setOnce =
    <TPort extends SinglePort>(port: TPort) =>
    (value: PortOverrides[TPort]): void => {
      if (overrides[port]) {
        throw new Error(
          `Two modules set the port '${port}' of the istio plugin; only one can`,
        );
      }
      overrides[port] = value;
    };
  env.registerExtensionPoint(istioClustersExtensionPoint, {
    setClusterSupplier: setOnce('supplier'),
  });
  env.registerExtensionPoint(istioMeshExtensionPoint, {
    setMeshReader: setOnce('reader'),
    setMeshWriter: setOnce('writer'),
  });
  env.registerExtensionPoint(istioCertificatesExtensionPoint, {
    setCertificateReader: setOnce('certificates'),
  });
  env.registerExtensionPoint(istioProxyStatusExtensionPoint, {
    setProxyStatusReader: setOnce('proxyStatus'),
  });
  env.registerExtensionPoint(istioTelemetryExtensionPoint, {
    setTelemetryProvider: setOnce('telemetry'),
  });
  env.registerExtensionPoint(istioActingUserExtensionPoint, {
    setActingUserResolver: setOnce('actingUsers'),
  });
  env.registerExtensionPoint(istioPolicyExtensionPoint, {
    addPolicy: policy => {
      overrides.policies.push(checkPolicyId(policy, overrides.policies));
    },
  });
  env.registerExtensionPoint(istioChangeSinkExtensionPoint, {
    addSink: sink => {
      overrides.sinks.push(sink);
    },
  });
  env.registerExtensionPoint(istioAuditExtensionPoint, {
    addAnchor: anchor => {
      if (overrides.anchors.some(({ name }) => name === anchor.name)) {
        throw new Error(
          `Two modules add the audit anchor '${anchor.name}' to the istio plugin`,
        );
      }
      overrides.anchors.push(anchor);
    },
  });
  return overrides;
}
