import type { GuardrailVerdict, PlanOperation } from '../../changes/types';
import { describeObject } from '../../resources/objectKey';
import type { ObjectMeta } from '../../resources/types';
import type { Policy } from '../types';

/** Who writes an object besides people, and where a change belongs instead. */
export interface ForeignOwner {
  /** "Argo CD application shop" */
  owner: string;
  advice: string;
}

const IN_GIT = 'Change it in the Git source it comes from';

/**
 * An object that another tool writes is not changed beside that tool: it would undo the change, or
 * the change would undo its work.
 */
export const foreignOwner: Policy = {
  id: 'foreign-owner',
  description: 'Objects that another tool manages are left to it',
  version: 1,
  evaluate({ plan }) {
    const verdicts = plan.operations.flatMap(operation =>
      judge(this.id, operation),
    );
    return verdicts.length > 0
      ? verdicts
      : [
          {
            policy: this.id,
            verdict: 'pass',
            text: 'No other tool manages the objects that change',
          },
        ];
  },
};

function judge(policy: string, operation: PlanOperation): GuardrailVerdict[] {
  const metadata = operation.before?.metadata as ObjectMeta | undefined;
  if (!metadata) {
    return [];
  }
  const name = describeObject(operation.object);
  const found = findOwner(metadata) ?? findController(operation.fieldManagers);
  if (found) {
    return [
      {
        policy,
        verdict: 'deny',
        text: `${name} in ${operation.object.cluster} is managed by ${found.owner}. ${found.advice}`,
      },
    ];
  }
  const managedBy = metadata.labels?.['app.kubernetes.io/managed-by'];
  return managedBy && managedBy !== 'istio-portal'
    ? [
        {
          policy,
          verdict: 'warn',
          text: `${name} in ${operation.object.cluster} carries the label app.kubernetes.io/managed-by=${managedBy}; that tool may undo the change`,
        },
      ]
    : [];
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
      : { owner: `Argo CD application ${application}`, advice: IN_GIT };
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
        return {
          owner: `Flux ${kind} ${namespace ? `${namespace}/` : ''}${name}`,
          advice: IN_GIT,
        };
      }
    }
    return undefined;
  },
  ({ labels = {}, annotations = {} }) =>
    labels['app.kubernetes.io/managed-by'] === 'Helm'
      ? {
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
    return {
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
  'argocd-controller': { owner: 'Argo CD (claimed)', advice: IN_GIT },
  'argocd-application-controller': {
    owner: 'Argo CD (claimed)',
    advice: IN_GIT,
  },
  'kustomize-controller': { owner: 'Flux (claimed)', advice: IN_GIT },
  'helm-controller': { owner: 'Flux (claimed)', advice: IN_GIT },
  helm: {
    owner: 'Helm (claimed)',
    advice: 'Change its values and upgrade the release',
  },
  flagger: {
    owner: 'Flagger (claimed)',
    advice: 'It sets the weights itself; steer the delivery there',
  },
  'rollouts-controller': {
    owner: 'Argo Rollouts (claimed)',
    advice: 'It sets the weights itself; steer the delivery there',
  },
};

/** The tool of the first of these field managers that is known as a controller's. */
export function findController(managers: string[]): ForeignOwner | undefined {
  const known = managers.find(manager => Object.hasOwn(CONTROLLERS, manager));
  return known === undefined ? undefined : CONTROLLERS[known];
}
