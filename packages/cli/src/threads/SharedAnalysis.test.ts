import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCli } from '../runCli';
import { PartList } from './PartList';
import { serveAnalysis } from './serveAnalysis';
import type { Helper, Helpers } from './types';

const PROGRAM = resolve(__dirname, '../../bin/istio-portal.cjs');
const SHOP = readFileSync(
  resolve(__dirname, '../__fixtures__/broken.yaml'),
  'utf8',
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'istio-portal-'));
  const padding = `# ${'x'.repeat(100)}\n`.repeat(100);
  for (let index = 0; index < 120; index += 1) {
    const shop = SHOP.replace(/\bshop\b/g, `shop-${index}`).replace(
      /\bpayments\b/g,
      `payments-${index}`,
    );
    writeFileSync(join(folder, `${index}.yaml`), `${padding}${shop}`);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function analyze(helpers?: Helpers) {
  let out = '';
  const code = await runCli(['analyze', '.', '--output', 'json'], {
    out: text => {
      out += text;
    },
    error: text => {
      throw new Error(text);
    },
    readStdin: () => '',
    cwd: folder,
    now: () => Date.now(),
    helpers,
  });
  return { code, out };
}

/** A helper in this thread, which begins at once and keeps only what `keep` says. */
function helpersThat(keep: (done: Awaited<Helper['done']>) => typeof done) {
  const seen = { parts: 0, stopped: 0 };
  const helpers: Helpers = {
    count: 2,
    start: (task, thread) => {
      const done = serveAnalysis(task, thread);
      seen.parts += done.length;
      return {
        done: Promise.resolve(keep(done)),
        stop: () => {
          seen.stopped += 1;
        },
      };
    },
  };
  return { helpers, seen };
}

describe('analysis of many objects', () => {
  it('finds the same alone, with helpers, and with helpers that fail', async () => {
    const alone = await analyze();
    expect(alone.code).toBe(1);
    expect(JSON.parse(alone.out).findings.length).toBeGreaterThan(120);

    const whole = helpersThat(done => done);
    expect(await analyze(whole.helpers)).toEqual(alone);
    expect(whole.seen).toEqual({
      parts: new PartList().all.length,
      stopped: 2,
    });

    const failing = helpersThat(done => done.slice(0, done.length / 2));
    expect(await analyze(failing.helpers)).toEqual(alone);
    expect(failing.seen.stopped).toBe(2);
  });

  it('finds the same with threads', async () => {
    const { out } = await analyze();
    const run = () =>
      execFileSync(
        process.execPath,
        [PROGRAM, 'analyze', '.', '--output', 'json'],
        {
          cwd: folder,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
          maxBuffer: 64_000_000,
        },
      );
    // It ends with 1: with findings.
    expect(run).toThrow(
      expect.objectContaining({ status: 1, stdout: out, stderr: '' }),
    );
  });
});

describe('PartList', () => {
  it('gives each part to one thread only, over the same memory', () => {
    const list = new PartList();
    const other = new PartList(list.memory);
    const first = list.takeAs(1);
    first.next();
    const theirs = [...other.takeAs(2)];
    expect(theirs).toEqual(list.all.slice(1));
    expect([...first]).toEqual([]);
    expect(list.hasTaken(2)).toBe(true);
    expect(other.hasTaken(3)).toBe(false);
  });
});
