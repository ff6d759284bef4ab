import type {
  KubeObject,
  ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import { hashObject } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import type { TinyApiServer } from '../../../../plugins/istio-backend/src/changes/__testUtils__/TinyApiServer';
import type { NewChange } from '../../../../plugins/istio-backend/src/changes/types';
import { PLURALS } from './planThreeObjects';
import { ENDS, readRecord } from './readRecord';

const CHANGE_ID = 'istio-portal.dev/change-id';

/** What of A1, A2, A4 and of honest outcomes does not hold after a run and its recovery. */
export async function checkInvariants(options: {
  knex: Knex;
  change: NewChange;
  before: Map<string, KubeObject>;
  server: TinyApiServer;
}): Promise<string[]> {
  const { knex, change, before, server } = options;
  const found = await readRecord(knex, change.id);
  const touched = change.operations.filter(({ object }) =>
    carries(liveOf(server, object), change.id),
  );
  if (!found) {
    return touched.length > 0
      ? ['A1: objects changed and nothing is recorded']
      : [];
  }
  const violations: string[] = [];
  if (!ENDS.includes(found.state)) {
    violations.push(`A2: it stays ${found.state}`);
  }
  const { ends } = found;
  if (ends.length !== 1) {
    violations.push(`A2: it ended as ${ends.join(' and ') || 'nothing'}`);
  }
  if (found.state === 'applied' && touched.length < change.operations.length) {
    violations.push('A4: applied, and not every object shows it');
  }
  if (found.locks > 0) {
    violations.push('its objects stay locked');
  }
  for (const { object, outcome } of found.operations) {
    violations.push(...judge({ object, outcome, change, before, server }));
  }
  return violations;
}

/** The record of one object against the object itself. */
function judge(options: {
  object: ObjectRef;
  outcome: string;
  change: NewChange;
  before: Map<string, KubeObject>;
  server: TinyApiServer;
}): string[] {
  const { object, outcome, change, before, server } = options;
  const live = liveOf(server, object);
  if (outcome === 'applied') {
    return carries(live, change.id)
      ? []
      : [`A4: ${object.name} is applied and does not show it`];
  }
  if (['pending', 'unknown'].includes(outcome)) {
    return [`A2: ${object.name} stays ${outcome}`];
  }
  const old = before.get(
    `${object.namespace}/${PLURALS[object.kind]}/${object.name}`,
  );
  const same =
    old === undefined
      ? live === undefined
      : live !== undefined && hashObject(live) === hashObject(old);
  return same ? [] : [`A4: ${object.name} is ${outcome} and changed`];
}

function liveOf(server: TinyApiServer, object: ObjectRef) {
  return server.get(PLURALS[object.kind], object.namespace ?? '', object.name);
}

function carries(live: KubeObject | undefined, id: string): boolean {
  return live?.metadata.annotations?.[CHANGE_ID] === id;
}
