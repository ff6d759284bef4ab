import {
  AuthorizationAnswer,
  resolveAuthorization,
} from '@istio-backstage/plugin-istio-common';
import { compareAnswers } from '../world/compareAnswers';
import { alongside, Oracle, ORACLE } from '../world/Oracle';
import { World, worldForCore, worldForOracle } from '../world/World';
import { AuthzQuestion, authzWorlds } from './worlds';

interface OracleAnswer {
  decision: 'allow' | 'deny' | 'unauthorized' | 'refused' | 'external';
  /** `ns[shop]-policy[ap-0]-rule[1]` */
  policies: string[];
}

/** The question in the oracle's words. */
function toOracle(question: AuthzQuestion): Record<string, unknown> {
  const { from, to, token } = question;
  return {
    op: 'authz',
    server: { ns: to.workload.namespace, pod: to.workload.name },
    port: to.port,
    protocol: question.protocol,
    ...(from.principal ? { principal: `spiffe://${from.principal}` } : {}),
    sourceIp: from.ip,
    sni: question.sni,
    host: question.host,
    method: question.method,
    path: question.path,
    headers: question.headers,
    claims: token?.claims,
  };
}

const RULE = /ns\[(.*?)\]-policy\[(.*?)\]-rule\[(\d+)\]/;

/** Both answers in the same words: the decision, and the rules that made it. */
function fromOracle(answer: OracleAnswer): unknown {
  const { decision, policies } = answer;
  return {
    decision: decision === 'unauthorized' ? 'refused' : decision,
    rules: policies
      .map(name => {
        const [, namespace, policy, rule] = RULE.exec(name) ?? [];
        return `${namespace}/${policy} spec.rules[${rule}]`;
      })
      .sort(),
  };
}

function fromCore(answer: AuthorizationAnswer): unknown {
  const { decision, decidedBy } = answer;
  return {
    decision,
    rules: decidedBy
      .flatMap(by =>
        by.by === 'object' && /^spec\.rules\[\d+\]$/.test(by.fieldPath)
          ? [`${by.object.namespace}/${by.object.name} ${by.fieldPath}`]
          : [],
      )
      .sort(),
  };
}

describe('authorization, as Istio decides it', () => {
  const oracle = Oracle.start(ORACLE);
  afterAll(() => oracle.stop());

  it('agrees with istiod about every call of every world', async () => {
    const result = await compareAnswers<World, AuthzQuestion>({
      subject: 'authz',
      size: { seed: 31, worlds: 200, nightly: 5000 },
      arbitrary: authzWorlds,
      tally: given => (given as { decision: string }).decision,
      ask: async (world, questions) => {
        const texts = worldForOracle(world);
        const asked = questions.map(question =>
          oracle
            .ask<OracleAnswer>({ ...texts, ...toOracle(question) })
            .then(fromOracle, error => ({ error: String(error) })),
        );
        const [answers, own] = await alongside(Promise.all(asked), () => {
          const snapshot = worldForCore(world);
          return questions.map(request =>
            fromCore(resolveAuthorization({ snapshot, request })),
          );
        });
        return answers.map((answer, index) => ({
          oracle: answer,
          core: own[index],
        }));
      },
    });
    expect(result.disagreements.slice(0, 1)).toEqual([]);
  });
});
