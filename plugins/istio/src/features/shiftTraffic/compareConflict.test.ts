import { buildPreview, effect } from '../changes/__fixtures__/changes';
import { compareConflict } from './compareConflict';

const seen = buildPreview();

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
    expect(compareConflict(seen, now)).toEqual([]);
  });

  it('says what today’s shares were and are', () => {
    const now = buildPreview({
      base: 'b',
      clusters: ['prod-eu'],
      versions: [
        effect('v1', 0.6, 0.7),
        effect('v2', 0.4, 0.3),
        effect('v3', 0, 0),
      ],
    });
    expect(compareConflict(seen, now)).toEqual([
      'v1 was 80 % and is 60 % now',
      'v2 was 20 % and is 40 % now',
      'VirtualService catalog/reviews in prod-eu was edited',
    ]);
  });

  it('names a version that left the route', () => {
    const now = buildPreview({
      base: 'b',
      clusters: ['prod-eu'],
      versions: [effect('v1', 1, 1)],
    });
    expect(compareConflict(seen, now)).toEqual([
      'v1 was 80 % and is 100 % now',
      'v2 was 20 % and is 0 % now',
      'VirtualService catalog/reviews in prod-eu was edited',
    ]);
  });

  it('takes no shift of requests between clusters for an edit', () => {
    const now = buildPreview({
      versions: [effect('v1', 0.78, 0.7), effect('v2', 0.22, 0.3)],
    });
    expect(compareConflict(seen, now)).toEqual([]);
  });

  it('tells an edit that touches no share', () => {
    expect(compareConflict(seen, buildPreview({ base: 'b' }))).toEqual([
      'VirtualService catalog/reviews in prod-eu was edited',
      'VirtualService catalog/reviews in prod-us was edited',
    ]);
  });

  it('tells an object that went and one that came', () => {
    const gone = buildPreview();
    gone.plan.operations = gone.plan.operations.map(operation => ({
      ...operation,
      base: undefined,
    }));
    expect(compareConflict(seen, gone)[0]).toBe(
      'VirtualService catalog/reviews in prod-eu was removed',
    );
    expect(compareConflict(gone, seen)[0]).toBe(
      'VirtualService catalog/reviews in prod-eu was created',
    );
  });
});
