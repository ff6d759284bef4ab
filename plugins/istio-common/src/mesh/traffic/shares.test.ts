import fc from 'fast-check';
import { samplingTolerance } from './compareSplit';
import { describeSettings } from './describeSettings';
import { covers, readVirtualServiceMatch } from './routeMatch';
import { resolveShares } from './resolveShares';

const weight = fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined });

describe('resolveShares', () => {
  it('gives everything or nothing away', () => {
    fc.assert(
      fc.property(
        fc.array(weight, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('istio' as const, 'gatewayApi' as const),
        (weights, api) => {
          const shares = resolveShares(weights, api);
          const sum = shares.reduce((total, share) => total + share, 0);
          expect(shares).toHaveLength(weights.length);
          expect(shares.every(share => share >= 0 && share <= 1)).toBe(true);
          expect(
            Math.abs(sum - 1) < 1e-9 || shares.every(share => share === 0),
          ).toBe(true);
        },
      ),
    );
  });

  it('does not care for the scale of the weights', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2 }),
        fc.integer({ min: 1, max: 50 }),
        (weights, factor) => {
          const scaled = resolveShares(
            weights.map(value => value * factor),
            'istio',
          );
          resolveShares(weights, 'istio').forEach((share, index) =>
            expect(scaled[index]).toBeCloseTo(share, 10),
          );
        },
      ),
    );
  });
});

describe('samplingTolerance', () => {
  it('narrows with more requests and never below half a point', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 50, max: 1e6 }),
        (share, requests) => {
          const tolerance = samplingTolerance(share, requests);
          expect(tolerance).toBeGreaterThanOrEqual(0.005);
          expect(samplingTolerance(share, requests * 2)).toBeLessThanOrEqual(
            tolerance,
          );
        },
      ),
    );
  });
});

describe('covers', () => {
  const path = fc.oneof(
    fc.record({ prefix: fc.constantFrom('/', '/a', '/a/b', '/b') }),
    fc.record({ exact: fc.constantFrom('/a', '/a/b', '/b', '/c') }),
  );
  const match = fc.record(
    {
      uri: path,
      method: fc.record({ exact: fc.constantFrom('GET', 'POST') }),
      headers: fc.dictionary(
        fc.constantFrom('x', 'y'),
        fc.oneof(
          fc.record({ exact: fc.constantFrom('1', '2') }),
          fc.constant({}),
        ),
      ),
    },
    { requiredKeys: [] },
  );
  interface Request {
    path: string;
    method: string;
    headers: Record<string, string>;
  }
  const request: fc.Arbitrary<Request> = fc.record({
    path: fc.constantFrom('/', '/a', '/a/b', '/ab', '/b', '/c'),
    method: fc.constantFrom('GET', 'POST'),
    headers: fc.dictionary(
      fc.constantFrom('x', 'y'),
      fc.constantFrom('1', '2', '3'),
    ),
  });

  /** The reference's own words, evaluated on a request. */
  function holds(
    given: {
      uri?: { prefix?: string; exact?: string };
      method?: { exact: string };
      headers?: Record<string, { exact?: string }>;
    },
    asked: Request,
  ): boolean {
    const { uri, method, headers = {} } = given;
    return (
      (uri?.prefix === undefined || asked.path.startsWith(uri.prefix)) &&
      (uri?.exact === undefined || asked.path === uri.exact) &&
      (method === undefined || asked.method === method.exact) &&
      Object.entries(headers).every(([name, value]) =>
        value.exact === undefined
          ? name in asked.headers
          : asked.headers[name] === value.exact,
      )
    );
  }

  it('never says a rule is covered that takes a request the other does not', () => {
    fc.assert(
      fc.property(match, match, request, (outer, inner, asked) => {
        const read = (fields: object) =>
          readVirtualServiceMatch(
            fields as Record<string, unknown>,
            name => name,
          );
        const claimed = covers(read(outer), read(inner), ['mesh']);
        expect(claimed && holds(inner, asked) && !holds(outer, asked)).toBe(
          false,
        );
      }),
      { numRuns: 3000 },
    );
  });
});

describe('describeSettings', () => {
  it('names every field that it does not know', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^z[a-zA-Z]{2,12}$/), {
          minLength: 1,
          maxLength: 6,
        }),
        fields => {
          const rule = Object.fromEntries(fields.map(name => [name, {}]));
          expect(describeSettings({ rule, destinations: [] })).toEqual(
            fields.map(name => `sets \`${name}\``),
          );
        },
      ),
    );
  });
});
