import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type {
  ActingUserResolver,
  CertificateReader,
  ChangeSink,
  AuditAnchor,
  ClusterSupplier,
  GuardrailPolicy,
  MeshReader,
  MeshWriter,
  ProxyStatusReader,
  TelemetryProvider,
} from './types';

/** Puts another source of clusters in the place of the portal's configuration. */
export interface IstioClustersExtensionPoint {
  /** Throws when a supplier is set already. */
  setClusterSupplier(supplier: ClusterSupplier): void;
}

/** @public */
export const istioClustersExtensionPoint =
  createExtensionPoint<IstioClustersExtensionPoint>({ id: 'istio.clusters' });

/** Puts another reader or writer in the place of those that talk to the clusters. */
export interface IstioMeshExtensionPoint {
  /** Throws when a reader is set already. */
  setMeshReader(reader: MeshReader): void;
  /** Throws when a writer is set already. */
  setMeshWriter(writer: MeshWriter): void;
}

/** @public */
export const istioMeshExtensionPoint =
  createExtensionPoint<IstioMeshExtensionPoint>({ id: 'istio.mesh' });

/** Puts another source of certificates, such as a vault, in the place of the clusters' Secrets. */
export interface IstioCertificatesExtensionPoint {
  /** Throws when a reader is set already. */
  setCertificateReader(reader: CertificateReader): void;
}

/** @public */
export const istioCertificatesExtensionPoint =
  createExtensionPoint<IstioCertificatesExtensionPoint>({
    id: 'istio.certificates',
  });

/** Puts another source of the proxies' sync status in the place of istiod's debug interface. */
export interface IstioProxyStatusExtensionPoint {
  /** Throws when a reader is set already. */
  setProxyStatusReader(reader: ProxyStatusReader): void;
}

/** @public */
export const istioProxyStatusExtensionPoint =
  createExtensionPoint<IstioProxyStatusExtensionPoint>({
    id: 'istio.proxyStatus',
  });

/** Puts another source of telemetry in the place of Prometheus. */
export interface IstioTelemetryExtensionPoint {
  /** Throws when a provider is set already. */
  setTelemetryProvider(provider: TelemetryProvider): void;
}

/** @public */
export const istioTelemetryExtensionPoint =
  createExtensionPoint<IstioTelemetryExtensionPoint>({ id: 'istio.telemetry' });

/** Decides as whom a portal user acts in a cluster, instead of `istio.impersonation`. */
export interface IstioActingUserExtensionPoint {
  /** Throws when a resolver is set already. */
  setActingUserResolver(resolver: ActingUserResolver): void;
}

/** @public */
export const istioActingUserExtensionPoint =
  createExtensionPoint<IstioActingUserExtensionPoint>({
    id: 'istio.actingUser',
  });

/** Adds an adopter's own guardrails to those of the product. */
export interface IstioPolicyExtensionPoint {
  /** Throws when there is a guardrail of that id already. */
  addPolicy(policy: GuardrailPolicy): void;
}

/** @public */
export const istioPolicyExtensionPoint =
  createExtensionPoint<IstioPolicyExtensionPoint>({ id: 'istio.policy' });

/** Adds places that keep checkpoints of the audit log, beside those of `istio.audit.anchors`. */
export interface IstioAuditExtensionPoint {
  /** Throws when an anchor of this name is there already. */
  addAnchor(anchor: AuditAnchor): void;
}

/** @public */
export const istioAuditExtensionPoint =
  createExtensionPoint<IstioAuditExtensionPoint>({ id: 'istio.audit' });

/** Adds Git hosts beside GitHub and GitLab, for `istio.git.sources`. */
export interface IstioChangeSinkExtensionPoint {
  /** Asked before those of the product. */
  addSink(sink: ChangeSink): void;
}

/** @public */
export const istioChangeSinkExtensionPoint =
  createExtensionPoint<IstioChangeSinkExtensionPoint>({
    id: 'istio.changeSink',
  });
