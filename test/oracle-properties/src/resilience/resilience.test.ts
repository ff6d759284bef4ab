import type { RouteAnswer } from '@istio-backstage/lab';
import {
  EntityMatch,
  resolveResilience,
} from '@istio-backstage/plugin-istio-common';
import { compareAnswers } from '../world/compareAnswers';
import { alongside, Oracle, ORACLE } from '../world/Oracle';
import { World, worldForCore, worldForOracle } from '../world/World';
import { Compared, fromCore, fromOracle } from './settings';
import { HEADLESS_POD, ResilienceQuestion, resilienceWorlds } from './worlds';

function toOracle(question: ResilienceQuestion): Record<string, unknown> {
  const { from, host, port, protocol, subset } = question;
  return {
    op: 'route',
    from: { ns: from.namespace, pod: from.pod },
    host,
    port,
    protocol,
    raw: true,
    ...(subset ? { headers: { 'x-subset': subset } } : {}),
    ...(host.startsWith('heads.') ? { address: HEADLESS_POD } : {}),
  };
}

/** A component that is this one service. */
function componentOf(cluster: string, host: string): EntityMatch {
  const [name, namespace] = host.split('.');
  return {
    workloads: [],
    nearMisses: [],
    services: [{ cluster, namespace, name, host, ports: [], why: '' }],
  };
}

describe('Resilience in force, as Istio configures the caller', () => {
  const oracle = Oracle.start(ORACLE);
  afterAll(() => oracle.stop());

  it('agrees with istiod about every call of every world', async () => {
    const result = await compareAnswers<World, ResilienceQuestion>({
      subject: 'resilience',
      size: { seed: 61, worlds: 200, nightly: 1200 },
      arbitrary: resilienceWorlds(10),
      tally: given => {
        const { missing, outlier, pool = {} } = given as Compared;
        if (missing) return 'missing';
        return [
          Object.keys(pool).length > 0 ? 'limits' : 'no limit',
          ...(outlier ? ['outlier detection'] : []),
        ].join(', ');
      },
      ask: async (world, questions) => {
        const texts = worldForOracle(world);
        const asked = questions.map(question =>
          oracle.ask<RouteAnswer>({ ...texts, ...toOracle(question) }),
        );
        const [answers, own] = await alongside(Promise.all(asked), () => {
          const snapshot = worldForCore(world);
          return questions.map(question =>
            fromCore(
              resolveResilience({
                snapshot,
                match: componentOf(snapshot.cluster, question.host),
                client: question.from,
              }),
              question,
            ),
          );
        });
        return answers.map((answer, index) => ({
          oracle: fromOracle(answer, own[index]),
          core: own[index],
        }));
      },
    });
    expect(result.disagreements.slice(0, 1)).toEqual([]);
  });
});
