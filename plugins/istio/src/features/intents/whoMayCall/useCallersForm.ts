import { useMemo, useState } from 'react';
import {
  readAuthorizationPolicy,
  readCallerRules,
  type ComponentMesh,
  type ComponentSecurity,
  type KubeObject,
  type WhoMayCallParams,
} from '@istio-backstage/plugin-istio-common';
import type { Justification } from '../../changes/dialog/JustificationFields';
import { serviceChoice } from '../serviceChoice';
import type { IntentStart } from '../types';
import {
  ANY,
  buildCallersIntent,
  draftOf,
  keyOfCaller,
  type DraftCaller,
} from './draft';
import { editablePolicies, pickableCallers, trustDomainOf } from './observed';

/** What the policy that is edited says today, with what the form asks for beside it. */
function callersToday(
  object: KubeObject | undefined,
  start: IntentStart,
): { today: DraftCaller[]; draft: DraftCaller[] } {
  const today = object
    ? draftOf(readCallerRules(object).flatMap(({ rule }) => rule ?? []))
    : [];
  const asked = start.caller ? [{ principal: start.caller, ...ANY }] : [];
  return {
    today,
    draft: [
      ...today,
      ...asked.filter(
        each => !today.some(known => keyOfCaller(known) === keyOfCaller(each)),
      ),
    ],
  };
}

/** Which policy is edited: one that is there by name, or a new one of an action. */
export interface PolicyChoice {
  name?: string;
  action: WhoMayCallParams['action'];
}

/** What the form begins with. Who is not listed is refused by a first policy that allows: everybody seen is proposed. */
function useProposal(options: {
  security: ComponentSecurity;
  start: IntentStart;
  policy: PolicyChoice;
  object?: KubeObject;
}) {
  const { security, start, policy, object } = options;
  const seen = useMemo(
    () => security.access?.callers ?? [],
    [security.access?.callers],
  );
  const pickable = useMemo(() => pickableCallers(seen), [seen]);
  const { today, draft } = useMemo(
    () => callersToday(object, start),
    [object, start],
  );
  const proposed =
    !object && policy.action === 'ALLOW'
      ? [...draft, ...pickable.flatMap(({ caller }) => caller ?? [])]
      : draft;
  return { seen, pickable, today, proposed };
}

/** Everything the form shows and what it amounts to. */
export function useCallersForm(options: {
  mesh: ComponentMesh;
  security: ComponentSecurity;
  start: IntentStart;
  host: string | undefined;
  policy: PolicyChoice;
  /** The policy as it is in the first cluster; absent: a new one. */
  object?: KubeObject;
}) {
  const { mesh, host, policy, object } = options;
  const place = serviceChoice(mesh, host);
  const { service } = place;
  const { seen, pickable, today, proposed } = useProposal(options);
  const [edited, setEdited] = useState<DraftCaller[]>();
  const [picked, setPicked] = useState<string[]>();
  const isTrial = object ? readAuthorizationPolicy(object).dryRun : undefined;
  const [trial, setTrial] = useState<boolean>();
  const [why, setWhy] = useState<Justification>({ reason: '', ticket: '' });
  const callers = edited ?? distinct(proposed);
  const clusters = picked ?? place.answering;
  const dryRun = trial ?? isTrial ?? false;
  const built = buildCallersIntent({
    params: {
      clusters,
      namespace: service?.namespace,
      service: service?.name,
      action: policy.action,
      ...(policy.name !== undefined && { policy: policy.name }),
      dryRun,
    },
    callers,
  });
  const moved =
    dryRun !== (isTrial ?? false) || keysOf(callers) !== keysOf(today);
  return {
    ...place,
    clusters,
    setClusters: setPicked,
    trustDomain: trustDomainOf(seen),
    pickable,
    today,
    callers,
    setCallers: setEdited,
    /** Of an enforced policy there is no trial: it would protect nothing meanwhile. */
    canTry: isTrial !== false,
    dryRun,
    setTrial,
    why,
    setWhy,
    intent: built.ok && moved && clusters.length > 0 ? built.intent : undefined,
    problem: problemOf({ clusters, built, moved }),
  };
}

function problemOf(form: {
  clusters: readonly string[];
  built: ReturnType<typeof buildCallersIntent>;
  moved: boolean;
}): string | undefined {
  if (form.clusters.length === 0) return 'no cluster is chosen';
  if (!form.built.ok) return form.built.text;
  return form.moved ? undefined : 'nothing differs from today’s callers';
}

function distinct(callers: readonly DraftCaller[]): DraftCaller[] {
  return [...new Map(callers.map(each => [keyOfCaller(each), each])).values()];
}

function keysOf(callers: readonly DraftCaller[]): string {
  return JSON.stringify(callers.map(keyOfCaller).sort());
}

/** The policy to begin with: the one that names callers, else a first one. */
export function firstPolicy(
  security: ComponentSecurity,
  namespace: string | undefined,
): PolicyChoice {
  const [policy] = editablePolicies(security.access, namespace).sort(
    (a, b) => rankOf(a) - rankOf(b),
  );
  return policy
    ? {
        name: policy.object.name,
        action: policy.action as WhoMayCallParams['action'],
      }
    : { action: 'ALLOW' };
}

function rankOf({ action }: { action: string }): number {
  return action === 'ALLOW' ? 0 : 1;
}

export type CallersForm = ReturnType<typeof useCallersForm>;
