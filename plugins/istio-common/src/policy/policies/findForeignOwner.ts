import type { ObjectMeta } from '../../resources/types';

/** Tools that write objects besides people. */
export type OwnerTool =
  | 'argocd'
  | 'fluxKustomization'
  | 'fluxHelm'
  | 'helm'
  | 'flagger'
  | 'rollouts'
  | 'controller';

/** Who writes an object besides people, and where a change belongs instead. */
export interface ForeignOwner {
  tool: OwnerTool;
  /** As the tool names it: `shop`, `flux-system/apps`; absent where only a field manager says so. */
  name?: string;
  /** "Argo CD application shop" */
  owner: string;
  advice: string;
}

const IN_GIT = 'Change it in the Git source it comes from';

/** The tool that the object says it belongs to, or that wrote the fields; a claim in either case. */
export function findForeignOwner(
  metadata: ObjectMeta,
  fieldManagers: readonly string[],
): ForeignOwner | undefined {
  return findOwner(metadata) ?? findController(fieldManagers);
}

/** One way a tool marks what is its own. */
type Mark = (metadata: ObjectMeta) => ForeignOwner | undefined;

const MARKS: Mark[] = [
  // https://argo-cd.readthedocs.io, "Resource Tracking": <application>:<group>/<kind>:<namespace>/<name>
  ({ annotations = {}, labels = {} }) => {
    const application =
      annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ??
      labels['argocd.argoproj.io/instance'];
    return application === undefined
      ? undefined
      : {
          tool: 'argocd',
          name: application,
          owner: `Argo CD application ${application}`,
          advice: IN_GIT,
        };
  },
  // https://fluxcd.io, kustomize-controller and helm-controller label what they apply.
  ({ labels = {} }) => {
    for (const kind of ['Kustomization', 'HelmRelease']) {
      const prefix =
        kind === 'Kustomization'
          ? 'kustomize.toolkit.fluxcd.io'
          : 'helm.toolkit.fluxcd.io';
      const name = labels[`${prefix}/name`];
      if (name !== undefined) {
        const namespace = labels[`${prefix}/namespace`];
        const full = namespace ? `${namespace}/${name}` : name;
        return {
          tool: kind === 'Kustomization' ? 'fluxKustomization' : 'fluxHelm',
          name: full,
          owner: `Flux ${kind} ${full}`,
          advice: IN_GIT,
        };
      }
    }
    return undefined;
  },
  ({ labels = {}, annotations = {} }) =>
    labels['app.kubernetes.io/managed-by'] === 'Helm'
      ? {
          tool: 'helm',
          name: annotations['meta.helm.sh/release-name'],
          owner: `Helm release ${
            annotations['meta.helm.sh/release-name'] ?? '(not named)'
          }`,
          advice: 'Change its values and upgrade the release',
        }
      : undefined,
  ({ ownerReferences = [] }) => {
    const owner = ownerReferences.find(
      ({ apiVersion, kind, controller }) =>
        controller ||
        (apiVersion.startsWith('flagger.app/') && kind === 'Canary') ||
        (apiVersion.startsWith('argoproj.io/') && kind === 'Rollout'),
    );
    if (!owner) {
      return undefined;
    }
    const tool = { Canary: 'Flagger ', Rollout: 'Argo Rollouts ' }[owner.kind];
    const tools: Record<string, OwnerTool> = {
      Canary: 'flagger',
      Rollout: 'rollouts',
    };
    return {
      tool: tools[owner.kind] ?? 'controller',
      name: owner.name,
      owner: `${tool ?? ''}${owner.kind} ${owner.name}`,
      advice: tool
        ? 'It sets the weights itself; steer the delivery there'
        : 'Change that object instead',
    };
  },
];

/** The tool that keeps the object, as marks on it say; undefined where none does. */
export function findOwner(metadata: ObjectMeta): ForeignOwner | undefined {
  for (const mark of MARKS) {
    const owner = mark(metadata);
    if (owner) {
      return owner;
    }
  }
  return undefined;
}

/** Names under which controllers write; a claim of the writer, so the words say so. */
const CONTROLLERS: Record<string, ForeignOwner> = {
  'argocd-controller': {
    tool: 'argocd',
    owner: 'Argo CD (claimed)',
    advice: IN_GIT,
  },
  'argocd-application-controller': {
    tool: 'argocd',
    owner: 'Argo CD (claimed)',
    advice: IN_GIT,
  },
  'kustomize-controller': {
    tool: 'fluxKustomization',
    owner: 'Flux (claimed)',
    advice: IN_GIT,
  },
  'helm-controller': {
    tool: 'fluxHelm',
    owner: 'Flux (claimed)',
    advice: IN_GIT,
  },
  helm: {
    tool: 'helm',
    owner: 'Helm (claimed)',
    advice: 'Change its values and upgrade the release',
  },
  flagger: {
    tool: 'flagger',
    owner: 'Flagger (claimed)',
    advice: 'It sets the weights itself; steer the delivery there',
  },
  'rollouts-controller': {
    tool: 'rollouts',
    owner: 'Argo Rollouts (claimed)',
    advice: 'It sets the weights itself; steer the delivery there',
  },
};

/** The tool of the first of these field managers that is known as a controller's. */
export function findController(
  managers: readonly string[],
): ForeignOwner | undefined {
  const known = managers.find(manager => Object.hasOwn(CONTROLLERS, manager));
  return known === undefined ? undefined : CONTROLLERS[known];
}
