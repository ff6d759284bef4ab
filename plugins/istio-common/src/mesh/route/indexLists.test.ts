import fc from 'fast-check';
import { service } from '../../testUtils';
import type { KubeObject } from '../../resources/types';
import { indexLists } from './indexLists';

/** What an object stands under, and its rank there. */
interface Ranked {
  rank: number;
  name: string;
}

function objectOf(name: string, keys: string[], rank: number): KubeObject {
  return {
    ...service({ name, namespace: 'shop' }),
    spec: { keys, item: { rank, name } },
  };
}

function counting() {
  let read = 0;
  const index = indexLists<Ranked>({
    compare: (a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1),
    entriesFor: variant => (object, put) => {
      read += 1;
      const { keys, item } = object.spec as { keys: string[]; item: Ranked };
      for (const key of keys) put(`${variant}${key}`, item);
    },
  });
  return { index, reads: () => read };
}

const KEYS = ['a', 'b', 'c'];

const objects = fc.uniqueArray(
  fc.record({
    name: fc.integer({ min: 0, max: 200 }),
    keys: fc.subarray(KEYS),
    rank: fc.integer({ min: 0, max: 3 }),
  }),
  { selector: ({ name }) => name, maxLength: 12 },
);

describe('indexLists', () => {
  it('holds after any row of changes what an index of the last lists holds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(objects, objects)), worlds => {
        const { index } = counting();
        const known = new Map<string, KubeObject>();
        for (const lists of worlds) {
          const given = lists.map(list =>
            list.map(({ name, keys, rank }) => {
              const id = JSON.stringify([name, keys, rank]);
              const object =
                known.get(id) ?? objectOf(String(name), keys, rank);
              known.set(id, object);
              return object;
            }),
          );
          const followed = index(given);
          const fresh = counting().index(given);
          expect([...followed.keys()].sort()).toEqual([...fresh.keys()].sort());
          for (const key of KEYS) {
            expect(followed.get(key)).toEqual(fresh.get(key));
            expect(followed.has(key)).toBe(fresh.has(key));
          }
        }
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('reads only what differs from lists it knows, which stay as they were', () => {
    const { index, reads } = counting();
    const first = Array.from({ length: 500 }, (_, at) =>
      objectOf(`s${at}`, ['a', String(at)], at),
    );
    const before = index([first]);
    expect(reads()).toBe(500);
    const other = objectOf('s7', ['b'], 7);
    const after = index([
      first.map((object, at) => (at === 7 ? other : object)),
    ]);
    expect(reads()).toBe(502);
    expect(after.get('b')).toEqual([{ rank: 7, name: 's7' }]);
    expect(after.has('7')).toBe(false);
    expect(after.get('a')).toHaveLength(499);
    expect(before.get('a')).toHaveLength(500);
    expect(before.has('7')).toBe(true);
    // Another variant is another index.
    expect(index([first], 'x').get('xa')).toHaveLength(500);
    expect(reads()).toBe(1002);
    // Many changes in a row.
    let list = first;
    for (let at = 0; at < 400; at += 1) {
      list = list.map((object, place) =>
        place === at ? objectOf(`s${at}`, ['c', `new ${at}`], at) : object,
      );
      index([list]);
    }
    const last = index([list]);
    expect(last.get('c')).toHaveLength(400);
    expect([...last.keys()]).toHaveLength(502);
  });
});
