import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { ScmIntegrations } from '@backstage/integration';
import {
  applyHealthSettings,
  DEFAULT_THRESHOLDS,
  GuardrailSettings,
  ExpiryDays,
  HealthThresholds,
  NamespaceBinding,
} from '@istio-backstage/plugin-istio-common';
import { z } from 'zod';
import type { FreezeWindow } from './changes/FreezeCalendar';
import type { GitSource } from './changes/proposals/types';
import type { AuditConfig } from './audit/createAuditServices';
import type { DriftSettings } from './drift/types';
import type { ImpersonationConfig } from './clusters/ImpersonationResolver';
import { istioConfigSchema } from './config/istioConfigSchema';
import {
  KubernetesCluster,
  readKubernetesClusters,
} from './config/readKubernetesClusters';

/** One cluster: how to reach it and where its telemetry is. */
export interface ClusterConfig {
  name: string;
  title?: string;
  /** Istio's root namespace (`meshConfig.rootNamespace`). */
  rootNamespace: string;
  /** DNS suffix of the cluster. */
  domain: string;
  connection: KubernetesCluster | { kubeconfig: KubeconfigReference };
  prometheus?: PrometheusConfig;
  jaeger?: { url: string };
  /** Look at the public part of the Secrets that gateways name. */
  readGatewayCertificates?: boolean;
  /** Ask istiod which proxies are in sync. */
  readProxyStatus?: boolean;
}

export interface KubeconfigReference {
  file: string;
  context?: string;
  /** Key in the configuration, for error messages. */
  key: string;
}

export interface PrometheusConfig {
  /** Without trailing slash. */
  url: string;
  scrapeIntervalSeconds: number;
  /** Sent with every query; secrets. */
  headers: Record<string, string>;
}

/** Everything the plugin reads from the portal's configuration, read once. */
export interface IstioConfig {
  clusters: ClusterConfig[];
  health: HealthThresholds;
  ownership: NamespaceBinding;
  /** What changes are held to. */
  guardrails: GuardrailSettings;
  /** Absent: nobody can act in the clusters. */
  impersonation?: ImpersonationConfig;
  approvals: { approvers: string[]; waitHours: number; reviewHours: number };
  freezeWindows: FreezeWindow[];
  /** Changes that the portal did not make. */
  drift: DriftSettings;
  metrics: { cacheSeconds: number; timeoutSeconds: number };
  /** From how many days before its end a certificate is told. */
  certificates: ExpiryDays;
  audit: AuditConfig;
  /** Where changes of objects go that Git is the source of. */
  git: {
    pollSeconds: number;
    sources: GitSource[];
    /** Hosts and credentials of the portal's `integrations:`. */
    integrations: ScmIntegrations;
  };
  /** Address of the portal's pages, without a slash at its end. */
  portalUrl: string;
  /** What was left out and why; for the log at start. */
  warnings: string[];
}

/**
 * Reads `istio:` and the config locator of `kubernetes:`.
 * Throws InputError that names the key and what is allowed; values of secrets are never in it.
 */
export function readIstioConfig(config: Config): IstioConfig {
  const parsed = istioConfigSchema.safeParse(config.getOptional('istio') ?? {});
  if (!parsed.success) throw new InputError(describeIssues(parsed.error));
  const warnings: string[] = [];
  const fromKubernetes = readKubernetesClusters(config, warnings);
  return {
    clusters: joinClusters(parsed.data.clusters, fromKubernetes, warnings),
    health: applyHealthSettings(DEFAULT_THRESHOLDS, parsed.data.health),
    ownership: readOwnership(parsed.data.ownership),
    guardrails: parsed.data.guardrails,
    impersonation: parsed.data.impersonation,
    approvals: readApprovals(parsed.data.approvals),
    freezeWindows: parsed.data.freezeWindows,
    drift: parsed.data.drift,
    metrics: parsed.data.metrics,
    certificates: {
      soon: parsed.data.certificates.soonDays,
      urgent: parsed.data.certificates.urgentDays,
    },
    audit: {
      ...parsed.data.audit,
      origin: parsed.data.audit.origin ?? defaultOrigin(config),
    },
    git: {
      ...parsed.data.git,
      integrations: ScmIntegrations.fromConfig(config),
    },
    portalUrl: (config.getOptionalString('app.baseUrl') ?? '').replace(
      /\/+$/,
      '',
    ),
    warnings,
  };
}

/** Name of the log where none is configured: the portal's address without its scheme, as C2SP suggests. */
function defaultOrigin(config: Config): string {
  const baseUrl =
    config.getOptionalString('backend.baseUrl') ?? 'http://localhost';
  return `${baseUrl
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')}/istio-audit`;
}

type ParsedConfig = z.infer<typeof istioConfigSchema>;

function joinClusters(
  own: ParsedConfig['clusters'],
  fromKubernetes: KubernetesCluster[],
  warnings: string[],
): ClusterConfig[] {
  const joined = new Map<string, ClusterConfig>();
  own.forEach((cluster, index) => {
    const key = `istio.clusters[${index}]`;
    const { name, title, rootNamespace, domain, prometheus, jaeger } = cluster;
    if (joined.has(name)) {
      throw new InputError(
        `${key}.name: the cluster '${name}' is named twice in istio.clusters; names must be unique`,
      );
    }
    const kubernetes = fromKubernetes.find(one => one.name === name);
    if (kubernetes && cluster.kubeconfig) {
      throw new InputError(
        `${key}.kubeconfig: the cluster '${name}' already has a connection in ${kubernetes.key}; keep one of the two`,
      );
    }
    joined.set(name, {
      name,
      title: title ?? kubernetes?.title,
      rootNamespace,
      domain,
      connection: connectionOf({
        key,
        name,
        kubernetes,
        kubeconfig: cluster.kubeconfig,
      }),
      prometheus,
      jaeger,
      readGatewayCertificates: cluster.readGatewayCertificates,
      readProxyStatus: cluster.readProxyStatus,
    });
  });
  for (const kubernetes of fromKubernetes) {
    if (joined.has(kubernetes.name)) continue;
    if (kubernetes.unusable) {
      warnings.push(
        `${kubernetes.key}: cluster '${kubernetes.name}' is left out: ${kubernetes.unusable}`,
      );
      continue;
    }
    joined.set(kubernetes.name, {
      name: kubernetes.name,
      title: kubernetes.title,
      rootNamespace: 'istio-system',
      domain: 'cluster.local',
      connection: kubernetes,
    });
  }
  return [...joined.values()];
}

function connectionOf(options: {
  key: string;
  name: string;
  kubernetes?: KubernetesCluster;
  kubeconfig?: { file: string; context?: string };
}): ClusterConfig['connection'] {
  const { key, name, kubernetes, kubeconfig } = options;
  if (kubeconfig) {
    return { kubeconfig: { ...kubeconfig, key: `${key}.kubeconfig` } };
  }
  if (!kubernetes) {
    throw new InputError(
      `${key}: the cluster '${name}' has no connection; name it in kubernetes.clusterLocatorMethods (type: config) or give it a kubeconfig`,
    );
  }
  if (kubernetes.unusable) {
    throw new InputError(`${kubernetes.key}: ${kubernetes.unusable}`);
  }
  return kubernetes;
}

/** References in the form that the portal itself uses, so that they can be compared. */
function readApprovals(
  approvals: ParsedConfig['approvals'],
): IstioConfig['approvals'] {
  return {
    ...approvals,
    approvers: approvals.approvers.map(ref =>
      stringifyEntityRef(parseEntityRef(ref)),
    ),
  };
}

function readOwnership(ownership: ParsedConfig['ownership']): NamespaceBinding {
  return {
    bindAll: ownership.bindAll,
    namespaces: Object.fromEntries(
      Object.entries(ownership.namespaces).map(([namespace, owners]) => [
        namespace,
        [owners].flat(),
      ]),
    ),
  };
}

/** "istio.clusters[0].prometheus.url: must start with http:// or https://". */
function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(issue => {
      const path = issue.path.reduce<string>(
        (text, part) =>
          typeof part === 'number' ? `${text}[${part}]` : `${text}.${part}`,
        'istio',
      );
      return `${path}: ${issue.message}`;
    })
    .join('; ');
}
