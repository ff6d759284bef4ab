import { mockServices } from '@backstage/backend-test-utils';
import {
  DEFAULT_GUARDRAIL_SETTINGS,
  guardrailSettingsSchema,
  type PolicyInput,
} from '@istio-backstage/plugin-istio-common';
import type { GuardrailPolicy } from '@istio-backstage/plugin-istio-node';
import { checkPolicyId } from './checkPolicyId';
import { Guardrails } from './Guardrails';

const logger = mockServices.logger.mock();
const INPUT: Omit<PolicyInput, 'settings'> = {
  plan: {
    hash: '',
    operations: [
      {
        index: 0,
        action: 'create',
        object: {
          cluster: 'prod-eu',
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          namespace: 'catalog',
          name: 'reviews',
        },
        after: {
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          metadata: { namespace: 'catalog', name: 'reviews' },
        },
        diff: [],
        fieldManagers: [],
      },
    ],
  },
  match: { workloads: [], services: [], nearMisses: [] },
  snapshots: [],
  assessment: { versions: [], callers: [], observedSeconds: 0 },
};

const policy = (extra: Partial<GuardrailPolicy> = {}): GuardrailPolicy => ({
  id: 'change-calendar',
  description: 'No change while the shop sells most',
  version: 1,
  evaluate: async () => [
    { verdict: 'deny', text: 'The summer sale runs until Sunday' },
  ],
  ...extra,
});

const ask = async (
  own: GuardrailPolicy,
  settings = DEFAULT_GUARDRAIL_SETTINGS,
) => {
  const guardrails = Guardrails.create({
    settings,
    policies: [own],
    logger,
    timeoutMs: 50,
  });
  const verdicts = await guardrails.evaluate(INPUT);
  return verdicts.filter(each => each.policy === own.id);
};

describe('Guardrails', () => {
  it("ask the adopter's own beside those of the product, under one version", async () => {
    const guardrails = Guardrails.create({
      settings: DEFAULT_GUARDRAIL_SETTINGS,
      policies: [policy()],
      logger,
    });
    const verdicts = await guardrails.evaluate(INPUT);
    expect(verdicts.map(each => each.policy)).toEqual(
      expect.arrayContaining(['host-ownership', 'change-calendar']),
    );
    expect(new Set(verdicts.map(each => each.policyVersion))).toEqual(
      new Set([guardrails.version]),
    );
    const next = Guardrails.create({
      settings: DEFAULT_GUARDRAIL_SETTINGS,
      policies: [policy({ version: 2 })],
      logger,
    });
    expect(next.version).not.toBe(guardrails.version);
  });

  it('may warn where the configuration says so', async () => {
    const settings = guardrailSettingsSchema.parse({
      environments: {
        staging: {
          clusters: ['prod-eu'],
          modes: { 'change-calendar': 'warn' },
        },
      },
    });
    expect(await ask(policy(), settings)).toMatchObject([
      {
        verdict: 'warn',
        text: 'The summer sale runs until Sunday. In staging this is pointed out, not enforced',
      },
    ]);
  });

  it.each<[string, GuardrailPolicy['evaluate']]>([
    [
      'throws',
      () => {
        throw new Error('token abc123 refused');
      },
    ],
    ['fails later', async () => Promise.reject(new Error('token abc123'))],
    ['does not answer', () => new Promise(() => {})],
    ['answers with something else', () => [{ verdict: 'maybe' } as never]],
    [
      'speaks for another',
      () => [
        { policy: 'host-ownership', verdict: 'pass', text: 'fine' } as never,
      ],
    ],
  ])(
    'count as a denial when one %s, without telling what it said',
    async (_, evaluate) => {
      expect(await ask(policy({ evaluate }))).toMatchObject([
        {
          verdict: 'deny',
          text: 'The guardrail change-calendar could not judge this change (No change while the shop sells most); its log says why',
        },
      ]);
    },
  );

  it('name a mode that is no guardrail', () => {
    const create = (settings: unknown) => () =>
      Guardrails.create({
        settings: guardrailSettingsSchema.parse(settings),
        policies: [policy()],
        logger,
      });
    expect(create({ modes: { 'retry-budgets': 'warn' } })).toThrow(
      /^istio\.guardrails\.modes\.retry-budgets: there is no such guardrail; there are .*retry-budget.*change-calendar/,
    );
    expect(
      create({
        environments: { dev: { clusters: ['a'], modes: { x: 'warn' } } },
      }),
    ).toThrow('istio.guardrails.environments.dev.modes.x');
    expect(create({ modes: { 'change-calendar': 'warn' } })).not.toThrow();
  });

  it('have an id of their own', () => {
    expect(() => checkPolicyId(policy({ id: 'host-ownership' }), [])).toThrow(
      'there is one of that id already',
    );
    expect(() => checkPolicyId(policy(), [policy()])).toThrow('already');
    expect(() => checkPolicyId(policy({ id: 'A b' }), [])).toThrow(
      'small letters',
    );
  });
});
