import type { Intent } from '@istio-backstage/plugin-istio-common';
import { waitFor } from '../clusters/testing/waitFor';
import { REVIEWS } from './__testUtils__/ChangeHarness';
import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

const BETA = {
  name: 'beta-users',
  match: [{ headers: { 'x-beta': { exact: 'true' } } }],
  route: [{ destination: { host: 'reviews', subset: 'v2' } }],
};

const fixOf = (
  object: { namespace: string; name: string },
  title = 'Remove http[1], which takes no request',
): Intent => ({
  type: 'applyFix',
  params: {
    clusters: ['prod-eu'],
    code: 'ISB0108',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      ...object,
    },
    path: 'spec.http[1]',
    title,
  },
});

describe('mending a finding', () => {
  const open = useMesh();
  const reviews = { namespace: 'catalog', name: 'reviews' };

  it('sends what the rule proposes for the object as it is now', async () => {
    const { harness, mesh } = await open();
    mesh.addRuleElsewhere('prod-eu', BETA);
    const preview = await waitFor(() =>
      harness.service.preview(
        { entityRef: REVIEWS, intent: fixOf(reviews) },
        harness.as('mira.kovac'),
      ),
    );
    expect(preview.title).toBe(
      'reviews: remove http[1], which takes no request',
    );
    expect(preview.apply).toEqual({ allowed: true, reasons: [] });
    const removed = preview.plan.operations[0].diff.filter(
      ({ kind }) => kind === 'removed',
    );
    expect(removed.map(({ text }) => text.trim())).toContain(
      '- name: beta-users',
    );
  });

  it.each([
    ['in another namespace', { namespace: 'payments', name: 'payments' }],
    ['that is not there', { namespace: 'catalog', name: 'none' }],
  ])('refuses an object %s', async (_, object) => {
    const { harness } = await open();
    await expect(
      harness.service.preview(
        { entityRef: REVIEWS, intent: fixOf(object) },
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining(`does not belong to ${REVIEWS}`),
    });
  });

  it('refuses a finding that the rule does not have', async () => {
    const { harness } = await open();
    await expect(
      harness.service.preview(
        { entityRef: REVIEWS, intent: fixOf(reviews) },
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('ISB0108 finds nothing at spec.http[1]'),
    });
  });
});
