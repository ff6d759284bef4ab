import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { compareAnswers } from '../world/compareAnswers';
import { alongside, Oracle, ORACLE } from '../world/Oracle';
import { worldForOracle } from '../world/World';
import { spoiltObjects } from './objects';
import { verdictOfCore, verdictOfWebhook, WebhookVerdict } from './verdicts';

describe('validation, as istiod’s webhook judges', () => {
  const oracle = Oracle.start(ORACLE);
  afterAll(() => oracle.stop());

  it('agrees with the webhook about every object, spoilt or not', async () => {
    const result = await compareAnswers<readonly KubeObject[], KubeObject>({
      subject: 'validation',
      size: { seed: 33, worlds: 1000, nightly: 5000 },
      arbitrary: spoiltObjects.map(objects => ({
        world: objects,
        questions: objects,
      })),
      tally: String,
      ask: async objects => {
        const asked = oracle.ask<WebhookVerdict[]>({
          op: 'validate',
          yaml: worldForOracle({ objects }).yaml,
        });
        const [verdicts, own] = await alongside(asked, () =>
          objects.map(verdictOfCore),
        );
        return objects.map(({ kind }, index) => ({
          oracle: `${kind} ${verdictOfWebhook(verdicts[index])}`,
          core: `${kind} ${own[index]}`,
        }));
      },
    });
    expect(result.disagreements.slice(0, 3)).toEqual([]);
    // A kind that is never refused, or never let through, would agree with a validator that says always the same.
    expect(
      [...new Set(Object.keys(result.agreed).map(key => key.split(' ')[0]))]
        .flatMap(kind => [`${kind} refused`, `${kind} valid`])
        .filter(key => !result.agreed[key]),
    ).toEqual([]);
  });
});
