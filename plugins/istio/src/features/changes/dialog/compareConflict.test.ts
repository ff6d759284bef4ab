import type { ChangePreview } from '@istio-backstage/plugin-istio-common';
import { buildPreview, effect } from '../__fixtures__/changes';
import { compareConflict } from './compareConflict';

const seen = buildPreview();
const EDITED_EU = 'VirtualService catalog/reviews in prod-eu was edited';
const EDITED_BOTH =
  'VirtualService catalog/reviews in prod-eu and prod-us was edited';

function differences(now: ChangePreview, before: ChangePreview = seen) {
  const { shares, objects } = compareConflict(before, now);
  return { shares, objects: objects.map(({ text }) => text) };
}

describe('compareConflict', () => {
  it('finds nothing where only the asked-for shares differ', () => {
    const now = buildPreview({
      versions: [
        effect('v1', 0.8, 0.5),
        effect('v2', 0.2, 0.4),
        effect('v3', 0, 0.1),
        effect('v4', 0, 0),
      ],
    });
    expect(differences(now)).toEqual({ shares: [], objects: [] });
  });

  it('says what today’s shares were and are', () => {
    const now = buildPreview({
      base: 'b',
      versions: [effect('v1', 0.6, 0.7), effect('v2', 0.4, 0.3)],
    });
    expect(differences(now)).toEqual({
      shares: ['v1 was 80 % and is 60 % now', 'v2 was 20 % and is 40 % now'],
      objects: [EDITED_BOTH],
    });
  });

  it('names a version that left the route', () => {
    const now = buildPreview({
      base: 'b',
      versions: [effect('v1', 1, 1)],
    });
    expect(differences(now).shares).toEqual([
      'v1 was 80 % and is 100 % now',
      'v2 was 20 % and is 0 % now',
    ]);
  });

  it('says no mean of several clusters where one was edited, but its lines', () => {
    const now = buildPreview({
      versions: [effect('v1', 0.7, 0.7), effect('v2', 0.3, 0.3)],
    });
    const before = buildPreview();
    const spec = (weight: number) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'reviews', namespace: 'catalog' },
      spec: { weight },
    });
    before.plan.operations[0].before = spec(80);
    now.plan.operations[0].before = spec(60);
    now.plan.operations[0].base = {
      uid: 'uid',
      resourceVersion: 'b',
      hash: 'b',
    };
    expect(differences(now, before)).toEqual({
      shares: [],
      objects: [EDITED_EU],
    });
    expect(
      compareConflict(before, now)
        .objects[0].diff.filter(({ kind }) => kind !== 'context')
        .map(({ kind, text }) => `${kind} ${text.trim()}`),
    ).toEqual(
      expect.arrayContaining(['removed weight: 80', 'added weight: 60']),
    );
  });

  it('takes no shift of requests between clusters for an edit', () => {
    const now = buildPreview({
      versions: [effect('v1', 0.78, 0.7), effect('v2', 0.22, 0.3)],
    });
    expect(differences(now)).toEqual({ shares: [], objects: [] });
  });

  it('tells an edit that touches no share', () => {
    expect(differences(buildPreview({ base: 'b' }))).toEqual({
      shares: [],
      objects: [EDITED_BOTH],
    });
  });

  it('tells an object that went and one that came', () => {
    const gone = buildPreview();
    gone.plan.operations = gone.plan.operations.map(operation => ({
      ...operation,
      base: undefined,
    }));
    expect(differences(gone).objects[0]).toBe(
      'VirtualService catalog/reviews in prod-eu and prod-us was removed',
    );
    expect(differences(seen, gone).objects[0]).toBe(
      'VirtualService catalog/reviews in prod-eu and prod-us was created',
    );
  });
});
