import type { Change, IstioClient } from '@istio-backstage/plugin-istio-common';
import type { ProductWorld } from './ProductWorld';
import { setting } from './sharedSetting';
import { shiftReviews, weightsIn, type Weights } from './shifting';
import { REVIEWS, REVIEWS_ROUTE } from './types';

const CLIENTS = 20;
/** Each looks and sends until it was applied: so often, and until a try began after the other manager's last edit. */
const TRIES = 3;
const OUTSIDE_EDITS = 30;

/** What one client was told of one try. */
type Told = { change: Change } | { status: number | undefined };

/** Weights that nobody else asks for. */
function weightsOf(client: number, attempt: number): Weights {
  const v3 = 1 + attempt;
  return [80 - client, 20 + client - v3, v3];
}

async function tryOnce(
  client: IstioClient,
  cluster: string,
  weights: Weights,
): Promise<Told> {
  const intent = shiftReviews([cluster], weights);
  try {
    const { plan } = await client.previewChange({ entityRef: REVIEWS, intent });
    const change = await client.submitChange({
      entityRef: REVIEWS,
      intent,
      planHash: plan.hash,
      reason: `One of ${CLIENTS} at a time`,
    });
    return { change };
  } catch (error) {
    return { status: (error as { statusCode?: number }).statusCode };
  }
}

/** Writes annotations of its own, as another field manager does, without looking at anybody else's. */
async function editFromOutside(world: ProductWorld): Promise<string[]> {
  const marks: string[] = [];
  for (let edit = 0; edit < OUTSIDE_EDITS; edit += 1) {
    const mark = `edit-${edit}`;
    await world.patch(REVIEWS_ROUTE, [
      {
        op: 'add',
        path: `/metadata/annotations/shop.example~1${mark}`,
        value: 'kept',
      },
    ]);
    marks.push(`shop.example/${mark}`);
  }
  return marks;
}

/** Of an applied change, by version, in percent. */
function sharesOf(change: Change, when: 'before' | 'after'): number[] {
  return change.versions.map(version => Math.round(version[when] * 100));
}

describe('Many people at one route', () => {
  it('applies one after the other, tells every loser and loses no field of another manager', async () => {
    const { world, portal } = setting();
    const [{ name: cluster }] = world.clusters;
    const before = await world.read(REVIEWS_ROUTE);
    await world.patch(REVIEWS_ROUTE, [
      {
        op: 'add',
        path: '/metadata/annotations',
        value: { ...before.metadata.annotations, 'shop.example/first': 'kept' },
      },
    ]);
    try {
      const people = [portal.as('mira.kovac'), portal.as('paul.adeyemi')];
      let isQuiet = false;
      const [marks, ...tries] = await Promise.all([
        editFromOutside(world).finally(() => {
          isQuiet = true;
        }),
        ...Array.from({ length: CLIENTS }, async (_, client) => {
          const told: Told[] = [];
          // Among clients alone one of those who look at the same time gets through, however slow they are.
          let wasQuiet = false;
          for (let attempt = 0; attempt < TRIES || !wasQuiet; attempt += 1) {
            wasQuiet = isQuiet;
            const answer = await tryOnce(
              people[client % people.length],
              cluster,
              weightsOf(client, attempt),
            );
            told.push(answer);
            if ('change' in answer) break;
          }
          return told;
        }),
      ]);
      const told = tries.flat();
      const changes = told.flatMap(each =>
        'change' in each ? [each.change] : [],
      );
      const refusals = told.flatMap(each =>
        'status' in each ? [each.status] : [],
      );
      const applied = changes.filter(({ state }) => state !== 'conflict');

      expect(applied.length).toBeGreaterThan(0);
      expect(new Set(refusals)).toEqual(new Set(refusals.map(() => 409)));
      const states = new Set(applied.map(({ state }) => state));
      states.delete('verified');
      expect([...states]).toEqual(['applied']);

      // Each began with what the one before it left: the model of one route and atomic edits.
      const inOrder = [...applied].sort(
        (left, right) => versionAfter(left) - versionAfter(right),
      );
      let model = [80, 20, 0];
      for (const change of inOrder) {
        expect(sharesOf(change, 'before')).toEqual(model);
        model = sharesOf(change, 'after');
      }
      expect(await weightsIn(world)).toEqual(model);
      const { annotations } = (await world.read(REVIEWS_ROUTE)).metadata;
      expect(Object.keys(annotations ?? {})).toEqual(
        expect.arrayContaining(['shop.example/first', ...marks]),
      );
      setting().figures.push(
        `${CLIENTS} clients with ${told.length} tries: ${
          applied.length
        } applied, ${told.length - applied.length} told that the route moved, ${
          marks.length
        } edits of another manager kept`,
      );
    } finally {
      await world.patch(REVIEWS_ROUTE, [
        { op: 'replace', path: '/spec', value: before.spec },
        {
          op: 'replace',
          path: '/metadata/annotations',
          value: before.metadata.annotations ?? {},
        },
      ]);
    }
  });
});

/** Of the one route it wrote: the API server counts them up. */
function versionAfter(change: Change): number {
  return Number(change.operations[0].resourceVersion);
}
