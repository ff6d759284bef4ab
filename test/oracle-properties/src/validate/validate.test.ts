import {
  KubeObject,
  validateObject,
} from '@istio-backstage/plugin-istio-common';
import { compareAnswers } from '../world/compareAnswers';
import { Oracle, ORACLE } from '../world/Oracle';
import { worldForOracle } from '../world/World';
import { spoiltObjects } from './objects';

interface Verdict {
  valid: boolean;
}

describe('validation, as istiod’s webhook judges', () => {
  const oracle = Oracle.start(ORACLE);
  afterAll(() => oracle.stop());

  it('agrees with the webhook about every object, spoilt or not', async () => {
    const result = await compareAnswers<readonly KubeObject[], KubeObject>({
      subject: 'validation',
      size: { seed: 33, worlds: 1200, nightly: 14000 },
      arbitrary: spoiltObjects.map(objects => ({
        world: objects,
        questions: objects,
      })),
      tally: String,
      ask: async objects => {
        const verdicts =
          objects.length === 0
            ? []
            : await oracle.ask<Verdict[]>({
                op: 'validate',
                yaml: worldForOracle({ objects }).yaml,
              });
        return objects.map((object, index) => ({
          oracle: verdicts[index].valid,
          core: validateObject(object).errors.length === 0,
        }));
      },
    });
    expect(result.disagreements.slice(0, 3)).toEqual([]);
  });
});
