import {
  buildParams,
  parseDraft,
  targetProblem,
  toQuestion,
} from './requestQuery';
import type { RequestDraft } from './requestQuery';

const DRAFT: RequestDraft = {
  cluster: 'prod-eu',
  caller: 'workload:storefront/checkout',
  target: 'payments.payments:8080',
  method: 'POST',
  path: '/charges?id=1',
  headers: [{ name: 'x-canary', value: 'a: b' }],
};

describe('a question in the URL', () => {
  it('is the same question when the URL is opened again', () => {
    const params = buildParams(new URLSearchParams('window=1h'), DRAFT);
    expect(params.get('window')).toBe('1h');
    expect(parseDraft(new URLSearchParams(params.toString()))).toEqual(DRAFT);
  });

  it('takes the place of the one before, with nothing of it left', () => {
    const first = buildParams(new URLSearchParams(), DRAFT);
    const second = buildParams(first, {
      ...DRAFT,
      method: 'GET',
      path: '/',
      headers: [{ name: ' ', value: 'dropped' }],
    });
    expect(second.toString()).toBe(
      'in=prod-eu&caller=workload%3Astorefront%2Fcheckout&target=payments.payments%3A8080',
    );
  });

  it('is none without caller and target', () => {
    expect(parseDraft(new URLSearchParams('method=POST'))).toBeUndefined();
  });
});

describe('toQuestion', () => {
  it('is what the API is asked', () => {
    expect(toQuestion(DRAFT)).toEqual({
      cluster: 'prod-eu',
      from: { kind: 'workload', namespace: 'storefront', name: 'checkout' },
      host: 'payments.payments',
      port: 8080,
      method: 'POST',
      path: '/charges?id=1',
      headers: { 'x-canary': 'a: b' },
    });
  });

  it.each([
    [
      'gateway:edge/public',
      { kind: 'gateway', namespace: 'edge', name: 'public' },
    ],
    ['workload:shop/', { kind: 'workload', namespace: 'shop' }],
  ])('reads the caller %s', (caller, from) => {
    expect(toQuestion({ ...DRAFT, caller })?.from).toEqual(from);
  });

  it.each(['', 'reviews.catalog', 'reviews:0', 'reviews:99999'])(
    'waits until the target is complete: "%s"',
    target => {
      expect(targetProblem(target)).toBeDefined();
      expect(toQuestion({ ...DRAFT, target })).toBeUndefined();
    },
  );
});
