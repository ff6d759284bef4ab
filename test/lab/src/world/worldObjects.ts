import {
  expandScenario,
  type Scenario,
  worldTimes,
} from '@istio-backstage/sandbox';
import type { KubeObject } from '../kubernetes/types';
import { outsideObjects, type OutsidePlace } from './outside';
import type { WorldFile } from './worldFile';
import { containerProgram } from './containerProgram';
import { workloadSettings } from './workloadSettings';

/** An object and who writes it, as its managedFields will say. */
export interface WorldObject {
  object: KubeObject;
  manager: string;
}

/** What the API server's own controllers or istiod make, and the sandbox's only imitates. */
const MADE_BY_OTHERS = new Set(['Pod', 'ReplicaSet', 'DaemonSet']);
const SYSTEM = new Set(['default', 'kube-system', 'istio-system']);

/** Set by the API server. */
const SERVER_FIELDS = [
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'uid',
];

/** Where programs and files are. */
export interface WorldPlace extends OutsidePlace {
  labapp: string;
}

const shareOf = (file: WorldFile) => file.cluster.share ?? 1;

/** Every object of a world, in an order in which they can be created. Pure. */
export function worldObjects(
  file: WorldFile,
  options: { scenario: Scenario; place: WorldPlace; now: number },
): WorldObject[] {
  const { place } = options;
  const scenario = inOneCluster(options.scenario, file);
  const { objects } = expandScenario(
    scenario,
    file.cluster.name,
    worldTimes(options.now, scenario.historyDays),
  );
  const own = (objects as unknown as KubeObject[])
    .filter(object => isWanted(object))
    .map(object => ({
      manager: managerOf(object),
      object: forServer(
        object.kind === 'Deployment'
          ? runnable(object, { scenario, place, file })
          : object,
      ),
    }));
  const outside = file.outside
    ? outsideObjects(file.outside, { scenario, place, share: shareOf(file) })
    : [];
  return inOrder([
    ...own,
    ...outside.map(object => ({ object, manager: 'lab' })),
  ]);
}

function inOneCluster(scenario: Scenario, { cluster }: WorldFile): Scenario {
  const { name, share = 1, maxReplicas } = cluster;
  return {
    ...scenario,
    clusters: [
      {
        name,
        share,
        maxReplicas,
        nativeSidecars: false,
        withoutNamespaces: cluster.withoutNamespaces ?? [],
        withoutWorkloads: cluster.withoutWorkloads ?? [],
      },
    ],
  };
}

function isWanted({ kind, metadata }: KubeObject): boolean {
  if (MADE_BY_OTHERS.has(kind)) return false;
  if (kind === 'Namespace') return !SYSTEM.has(metadata.name);
  if (kind === 'ClusterRole' && metadata.name === 'cluster-admin') return false;
  if (kind === 'ValidatingWebhookConfiguration') return false;
  if (metadata.namespace !== 'istio-system') return true;
  // The root namespace: what the scenario wrote there, not the control plane's parts.
  return !['Deployment', 'Service', 'ServiceAccount', 'ConfigMap'].includes(
    kind,
  );
}

function managerOf({ metadata }: KubeObject): string {
  const entries = metadata.managedFields as { manager?: string }[] | undefined;
  return entries?.[0]?.manager ?? 'lab';
}

function forServer(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const metadata = { ...object.metadata };
  for (const field of SERVER_FIELDS) delete metadata[field];
  if (object.kind !== 'Service') return { ...rest, metadata };
  const { clusterIP: __, ...spec } = object.spec as Record<string, unknown>;
  return { ...rest, metadata, spec };
}

interface Template {
  metadata: {
    labels: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: { containers: Record<string, unknown>[] };
}

/** Injection fills a gateway's Pod from a template of its own. */
const gatewayOf = (template: Template) => ({
  ...template,
  metadata: {
    labels: { ...template.metadata.labels, 'sidecar.istio.io/inject': 'true' },
    annotations: {
      ...template.metadata.annotations,
      'inject.istio.io/templates': 'gateway',
    },
  },
  spec: {
    ...template.spec,
    containers: [{ name: 'istio-proxy', image: 'auto' }],
  },
});

/** The Deployment with a program in place of an image. */
function runnable(
  deployment: KubeObject,
  options: { scenario: Scenario; place: WorldPlace; file: WorldFile },
): KubeObject {
  const { scenario, place } = options;
  const { namespace, labels = {} } = deployment.metadata;
  const workload = scenario.workloads.find(
    one => one.name === labels.app && one.namespace === namespace,
  );
  const version = workload?.versions.find(
    one => one.version === labels.version,
  );
  if (!workload || !version) {
    throw new Error(
      `no workload in the scenario for ${namespace}/${labels.app}`,
    );
  }
  const spec = deployment.spec as { template: Template };
  const { template } = spec;
  if (workload.kind === 'gateway') {
    return { ...deployment, spec: { ...spec, template: gatewayOf(template) } };
  }
  const settings = workloadSettings(scenario, {
    workload,
    version,
    share: shareOf(options.file),
  });
  const [container] = template.spec.containers;
  return {
    ...deployment,
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: {
          ...template.metadata,
          annotations: {
            ...template.metadata.annotations,
            'lab/hosts': place.hosts,
          },
        },
        spec: {
          ...template.spec,
          containers: [
            { ...container, ...containerProgram(place.labapp, settings) },
          ],
        },
      },
    },
  };
}

const ORDER = ['Namespace', 'ServiceAccount', 'ClusterRole'];
const LAST = ['Deployment'];

/** Namespaces first; Deployments last, so that the first Pods meet the whole configuration. */
function inOrder(objects: WorldObject[]): WorldObject[] {
  const rank = ({ object: { kind } }: WorldObject) => {
    if (LAST.includes(kind)) return ORDER.length + 1;
    const at = ORDER.indexOf(kind);
    return at < 0 ? ORDER.length : at;
  };
  return [...objects].sort((a, b) => rank(a) - rank(b));
}
