import { REVIEWS } from './__testUtils__/ChangeHarness';
import { shiftReviews } from './__testUtils__/shiftReviews';
import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

describe('a change that a guardrail refuses', () => {
  const open = useMesh();

  // ISTIO-SECURITY-2026-002: the route would take requests of others, in every namespace.
  it.each([
    'payments.payments.svc.cluster.local',
    'payments.payments',
    '*.payments.svc.cluster.local',
    '*',
  ])(
    'keeps a route that takes %s from being previewed as fine, and from being sent',
    async host => {
      const { harness, mesh } = await open();
      const intent = shiftReviews([70, 30, 0]);
      mesh.addHostElsewhere('prod-eu', host);
      const mira = harness.as('mira.kovac');
      const preview = await harness.service.preview(
        { entityRef: REVIEWS, intent },
        mira,
      );
      const text = `Host ${host} of VirtualService catalog/reviews is not a Service of this component`;
      expect(preview.guardrails).toContainEqual(
        expect.objectContaining({
          policy: 'host-ownership',
          verdict: 'deny',
          text,
          path: 'spec.hosts[1]',
          policyVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
        }),
      );
      expect(preview.apply.allowed).toBe(false);
      expect(preview.apply.reasons).toContain(text);
      await expect(
        harness.service.submit(
          {
            entityRef: REVIEWS,
            intent,
            reason: 'Next canary step',
            planHash: preview.plan.hash,
          },
          mira,
        ),
      ).rejects.toMatchObject({ name: 'NotAllowedError', message: text });
      expect(mesh.writes).toEqual([]);
      expect(mesh.weights('prod-eu')).toEqual([80, 20, 0]);
    },
  );

  it("is kept back by the adopter's own, who see what is asked for and by whom", async () => {
    const { harness, mesh } = await open();
    const asked: unknown[] = [];
    harness.policies.push({
      id: 'change-calendar',
      description: 'No change while the shop sells most',
      version: 1,
      async evaluate({ plan, requester, match }) {
        asked.push([
          plan.operations.map(({ object }) => object.name),
          requester,
          match.claim?.entityRef,
        ]);
        return [{ verdict: 'deny', text: 'The summer sale runs until Sunday' }];
      },
    });
    const request = await harness.request([70, 30, 0]);
    await expect(
      harness.service.submit(request, harness.as('mira.kovac')),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: 'The summer sale runs until Sunday',
    });
    expect(asked.at(-1)).toEqual([
      ['reviews'],
      {
        entityRef: 'user:default/mira.kovac',
        groups: ['group:default/catalog-team'],
      },
      REVIEWS,
    ]);
    expect(mesh.writes).toEqual([]);
  });
});
