import { startOracle, type Oracle } from '../oracle';
import { startLab, type Lab } from '../startLab';
import { whyNoLab } from '../whyNoLab';
import { compareCase, type Comparison } from './compareCase';
import { ComparisonMesh } from './ComparisonMesh';
import { readCases } from './readCases';

jest.setTimeout(300_000);

const cases = readCases();
const reason = whyNoLab();

(reason ? describe.skip : describe)(
  `Istio's own code and running Envoys answer alike${
    reason ? ` (skipped: ${reason})` : ''
  }`,
  () => {
    let lab: Lab;
    let mesh: ComparisonMesh;
    let oracle: Oracle;
    const done: Comparison[] = [];

    beforeAll(async () => {
      oracle = await startOracle();
      lab = await startLab({ name: 'compare', world: 'empty' });
      mesh = await ComparisonMesh.open(lab);
    });

    afterAll(async () => {
      process.stdout.write(`${summarise(done)}\n`);
      await mesh?.close();
      await oracle?.stop();
      await lab?.stop();
    });

    it.each(cases.map(one => [one.name, one] as const))(
      '%s',
      async (_, one) => {
        const comparisons = await compareCase(mesh, oracle, one);
        done.push(...comparisons);
        expect(
          comparisons
            .filter(({ problems }) => problems.length > 0)
            .map(({ asked, problems }) => ({
              question: asked.question,
              problems,
            })),
        ).toEqual([]);
      },
    );
  },
);

describe('the table', () => {
  it('asks at least 25 questions about routes, 15 about mTLS and 20 about authorization', () => {
    const count = (ask: string) =>
      cases
        .flatMap(({ questions }) => questions)
        .filter(({ question }) => question.ask === ask).length;
    expect(count('route')).toBeGreaterThanOrEqual(25);
    expect(count('mtls')).toBeGreaterThanOrEqual(15);
    expect(count('authz')).toBeGreaterThanOrEqual(20);
  });
});

function summarise(done: readonly Comparison[]): string {
  const same = done.filter(
    ({ asked, problems }) => !asked.differs && problems.length === 0,
  );
  const explained = done.filter(
    ({ asked, problems }) => asked.differs && problems.length === 0,
  );
  return `Oracle against Envoy: ${done.length} asked, ${same.length} same, ${
    explained.length
  } explained, ${done.length - same.length - explained.length} different`;
}
