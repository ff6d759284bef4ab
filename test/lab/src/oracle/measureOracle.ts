import { readFileSync } from 'node:fs';
import type { Oracle } from './Oracle';
import { ap, pa, shop, subsets, vs } from './smoke/worlds';
import type { Question } from './types';

/** Questions per second, and the memory of the process before and after, in megabytes. */
export interface OracleFigures {
  kind: Question['op'];
  worlds: 'new' | 'same';
  cases: number;
  perSecond: number;
  memoryBefore: number | undefined;
  memoryAfter: number | undefined;
}

/** Asks one kind of question about new worlds or one and the same. Fails when a question does. */
export async function measureOracle(
  oracle: Oracle,
  plan: { kind: Question['op']; worlds: 'new' | 'same'; cases: number },
): Promise<OracleFigures> {
  const numberOf = (index: number) => (plan.worlds === 'new' ? index + 1 : 0);
  await oracle.ask(questionOf(plan.kind, 0));
  const memoryBefore = memoryOf(oracle);
  const started = performance.now();
  for (let from = 0; from < plan.cases; from += 100) {
    const count = Math.min(100, plan.cases - from);
    await Promise.all(
      Array.from({ length: count }, (_, index) =>
        oracle.ask(questionOf(plan.kind, numberOf(from + index))),
      ),
    );
  }
  const seconds = (performance.now() - started) / 1000;
  return {
    ...plan,
    perSecond: Math.round((plan.cases / seconds) * 10) / 10,
    memoryBefore,
    memoryAfter: memoryOf(oracle),
  };
}

const SERVER = { pod: 'reviews-v1' };
const CALL = { host: 'reviews', port: 80 };

/** A question about the world with this number: the weights differ, the rest is the same. */
function questionOf(kind: Question['op'], number: number): Question {
  const weight = 50 + (number % 50);
  const split = `{hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}, weight: ${weight}}, {destination: {host: reviews, subset: v2}, weight: ${
    100 - weight
  }}]}]}`;
  const yaml = [
    `# world ${number}\n`,
    shop,
    subsets,
    vs('r', split),
    pa('p', '{mtls: {mode: PERMISSIVE}}'),
    ap('get', '{rules: [{to: [{operation: {methods: [GET]}}]}]}'),
  ].join('');
  const from = { pod: 'client' };
  return {
    validate: { op: kind, yaml },
    analyze: { op: kind, yaml, runtimeResources: true },
    route: { op: kind, yaml, from, ...CALL },
    mtls: { op: kind, yaml, server: SERVER, client: from, ...CALL },
    authz: { op: kind, yaml, server: SERVER, port: 8080, path: '/x' },
  }[kind] as Question;
}

/** Resident memory in megabytes; undefined when the process is not there to be asked. */
function memoryOf(oracle: Oracle): number | undefined {
  try {
    const status = readFileSync(`/proc/${oracle.pid}/status`, 'utf8');
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(status)?.[1];
    return kilobytes ? Math.round(Number(kilobytes) / 1024) : undefined;
  } catch {
    return undefined;
  }
}
