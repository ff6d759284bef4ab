import {
  buildRoute,
  buildSplit,
  destination,
} from './__fixtures__/reviewsSplit';
import { presentSum, resolveFormProblem } from './resolveFormProblem';
import { resolveShiftableRoutes } from './resolveShiftableRoutes';
import { resolveVersionRows } from './resolveVersionRows';
import {
  hasMoved,
  initialWeights,
  parseWeight,
  resolveBalance,
  resolveNextStep,
  resolveSum,
  setWeight,
} from './weights';

const rowsOf = (...shares: number[]) => {
  const route = buildRoute({
    destinations: shares.map((share, index) =>
      destination(`v${index + 1}`, share),
    ),
  });
  const split = { ...buildSplit([route]), versions: [] };
  return resolveVersionRows(resolveShiftableRoutes(split)[0], split);
};
const three = rowsOf(0.8, 0.2, 0);

describe('parseWeight', () => {
  it.each([
    ['0', 0],
    [' 30 ', 30],
    ['100', 100],
    ['101', undefined],
    ['-1', undefined],
    ['2.5', undefined],
    ['1e1', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %p as %p', (text, expected) => {
    expect(parseWeight(text)).toBe(expected);
  });
});

describe('setWeight', () => {
  it('leaves the others alone with three versions', () => {
    expect(
      setWeight({
        rows: three,
        weights: initialWeights(three),
        key: 'v2',
        text: '40',
      }),
    ).toEqual({ v1: '80', v2: '40', v3: '0' });
  });

  it('complements the other one with two', () => {
    const rows = rowsOf(0.9, 0.1);
    const weights = initialWeights(rows);
    expect(setWeight({ rows, weights, key: 'v2', text: '35' })).toEqual({
      v1: '65',
      v2: '35',
    });
    expect(setWeight({ rows, weights, key: 'v2', text: 'x' })).toEqual({
      v1: '90',
      v2: 'x',
    });
  });
});

describe('resolveSum', () => {
  it.each([
    [{ v1: '70', v2: '30', v3: '0' }, undefined],
    [{ v1: '80', v2: '30', v3: '0' }, '10 points over 100 %'],
    [{ v1: '69', v2: '30', v3: '0' }, '1 point under 100 %'],
    [
      { v1: '70', v2: 'many', v3: '' },
      'v2 and v3 need a whole number from 0 to 100',
    ],
  ])('says what %p misses', (weights, expected) => {
    expect(presentSum(resolveSum(three, weights))).toBe(expected);
  });
});

describe('resolveBalance', () => {
  it('gives the rest to the largest version that was not edited last', () => {
    const result = resolveBalance({
      rows: three,
      weights: { v1: '80', v2: '30', v3: '0' },
      lastEdited: 'v2',
    });
    expect(result).toMatchObject({ row: { key: 'v1' }, text: '70' });
  });

  it('passes over a version that cannot give up as much', () => {
    const result = resolveBalance({
      rows: three,
      weights: { v1: '90', v2: '20', v3: '0' },
      lastEdited: 'v1',
    });
    expect(result).toMatchObject({ row: { key: 'v2' }, text: '10' });
  });

  it('offers nothing at 100 %, or when no single version can mend it', () => {
    expect(
      resolveBalance({ rows: three, weights: { v1: '70', v2: '30', v3: '0' } }),
    ).toBeUndefined();
    expect(
      resolveBalance({
        rows: three,
        weights: { v1: '100', v2: '60', v3: '50' },
        lastEdited: 'v1',
      }),
    ).toBeUndefined();
  });
});

describe('resolveNextStep', () => {
  it('moves ten points to the version that is on its way', () => {
    expect(resolveNextStep(three)).toMatchObject({
      to: { key: 'v2' },
      percent: 30,
      weights: { v1: '70', v2: '30', v3: '0' },
    });
  });

  it('starts with the first version that has pods and no traffic', () => {
    expect(resolveNextStep(rowsOf(1, 0, 0))).toMatchObject({
      to: { key: 'v2' },
      percent: 10,
    });
  });

  it('has nothing to offer for one version', () => {
    expect(resolveNextStep(rowsOf(1))).toBeUndefined();
  });
});

describe('resolveFormProblem', () => {
  const sum = { kind: 'complete' } as const;
  it('names the first thing that is missing', () => {
    const clusters = ['prod-eu'];
    expect(resolveFormProblem({ clusters: [], sum, moved: true })).toBe(
      'no cluster is chosen',
    );
    expect(
      resolveFormProblem({
        clusters,
        sum: { kind: 'over', sum: 130, points: 30 },
        moved: true,
      }),
    ).toBe('the shares are 30 points over 100 %');
    expect(resolveFormProblem({ clusters, sum, moved: false })).toBe(
      'no share differs from today’s',
    );
    expect(resolveFormProblem({ clusters, sum, moved: true })).toBeUndefined();
  });

  it('knows what moved', () => {
    expect(hasMoved(three, initialWeights(three))).toBe(false);
    expect(hasMoved(three, { ...initialWeights(three), v3: '1' })).toBe(true);
  });
});
