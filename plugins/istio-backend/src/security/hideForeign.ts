import type {
  AuthorizationAnswer,
  BreakingCaller,
  DecidedBy,
  StrictReadiness,
} from '@istio-backstage/plugin-istio-common';
import type {
  WorkloadDirectory,
  WorkloadOwner,
} from '../mesh/WorkloadDirectory';

/** What a person may know about a workload; `hidden` where a component has it that they may not see. */
export type Sight = (workload: { namespace?: string; name?: string }) => {
  hidden: boolean;
  owner?: WorkloadOwner;
};

/** What a person sees who may see the components in `among`. */
export function sightOf(
  directory: Pick<WorkloadDirectory, 'ownerOf'>,
  among: ReadonlySet<string>,
): Sight {
  return ({ namespace, name }) => {
    const owner =
      name === undefined ? undefined : directory.ownerOf({ namespace, name });
    if (!owner) return { hidden: false };
    return among.has(owner.entityRef)
      ? { hidden: false, owner }
      : { hidden: true };
  };
}

const HIDDEN: DecidedBy = {
  by: 'nothing',
  note: 'It belongs to a component you may not see',
};

/** Of components that a person may not see, name and rate stay; why they are as they are does not. */
export function hideInReadiness(
  readiness: StrictReadiness,
  sight: Sight,
): StrictReadiness {
  const isHidden = (one: { namespace: string; workload: string }) =>
    sight({ namespace: one.namespace, name: one.workload }).hidden;
  return {
    ...readiness,
    breaks: readiness.breaks.map(caller => hideCaller(caller, sight)),
    openPorts: readiness.openPorts.map(port =>
      isHidden(port) ? { ...port, decidedBy: HIDDEN } : port,
    ),
    probes: readiness.probes.map(probe =>
      isHidden(probe)
        ? { ...probe, container: 'hidden', fix: 'Ask who owns it.' }
        : probe,
    ),
  };
}

function hideCaller(caller: BreakingCaller, sight: Sight): BreakingCaller {
  const { namespace, workload } = caller;
  const { hidden, owner } = sight({ namespace, name: workload });
  return hidden
    ? {
        ...caller,
        cause: 'unknown',
        why: 'It belongs to a component you may not see.',
        fix: 'Ask who owns it.',
        decidedBy: [],
      }
    : { ...caller, ...owner };
}

/** Of what decided, only what is about the called component. */
export function hideInAnswer<T extends AuthorizationAnswer>(
  answer: T,
  namespaces: ReadonlySet<string>,
): T {
  return {
    ...answer,
    decidedBy: answer.decidedBy.filter(
      decision =>
        decision.by !== 'object' ||
        decision.object.kind !== 'DestinationRule' ||
        namespaces.has(decision.object.namespace ?? ''),
    ),
  };
}
