import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knexFactory, { type Knex } from 'knex';
import { buildChildren } from './__testUtils__/buildChildren';
import { CrashSlot } from './__testUtils__/CrashSlot';
import { listFaults } from './__testUtils__/listFaults';
import { openOptions } from './__testUtils__/openOptions';
import { ApplyScene } from './__testUtils__/scenes/ApplyScene';
import { RefusalScene } from './__testUtils__/scenes/RefusalScene';
import type { Scene } from './__testUtils__/scenes/types';
import { hasPostgres } from './__testUtils__/startPostgres';
import { TestDatabases } from './__testUtils__/TestDatabases';
import type { DatabaseTarget, Fault } from './__testUtils__/types';

/** Children that run at a time; each has a database and servers of its own. */
const SLOTS = 3;

type SceneOptions = { knex: Knex; database: DatabaseTarget };
type StartScene = (options: SceneOptions) => Promise<Scene> | Scene;

interface Verdict {
  fault: Fault;
  /** Of a process that died, before anybody else had a turn. */
  open: string[];
  violations: string[];
}

const folder = mkdtempSync(join(tmpdir(), 'istio-portal-crash-'));
let programs: Record<Scene['program'], string>;
const databases = TestDatabases.create(folder);

beforeAll(async () => {
  const [applyMain, refusalMain] = await buildChildren(folder, [
    'applyMain',
    'refusalMain',
  ]);
  programs = { applyMain, refusalMain };
});

afterAll(async () => {
  await databases.stop();
  rmSync(folder, { recursive: true, force: true });
});

// PostgreSQL where there is one: see the README.
describe.each<DatabaseTarget['client']>(
  hasPostgres() ? ['better-sqlite3', 'pg'] : ['better-sqlite3'],
)('with a fault at each step, on %s', client => {
  async function openSlot(startScene: StartScene): Promise<CrashSlot> {
    const database = await databases.create(client);
    const knex = knexFactory(openOptions(database));
    const scene = await startScene({ knex, database });
    return CrashSlot.create({
      knex,
      scene,
      childFile: programs[scene.program],
    });
  }

  /** Every fault at every step of a run without faults. */
  async function runAll(startScene: StartScene): Promise<Verdict[]> {
    const slots = await Promise.all(
      Array.from({ length: SLOTS }, () => openSlot(startScene)),
    );
    try {
      const plain = await slots[0].run();
      expect(plain.violations).toEqual([]);
      const waiting = listFaults({
        statements: plain.report?.statements ?? [],
        requests: plain.requests,
      });
      const verdicts: Verdict[] = [];
      await Promise.all(
        slots.map(async slot => {
          for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
            const { open, violations } = await slot.run(fault);
            verdicts.push({ fault, open, violations });
          }
          expect(await slot.findLogProblems()).toEqual([]);
          expect(await slot.findSecrets()).toEqual([]);
        }),
      );
      return verdicts;
    } finally {
      await Promise.all(slots.map(slot => slot.close()));
    }
  }

  const broken = (verdicts: Verdict[]) =>
    verdicts.filter(({ violations }) => violations.length > 0);

  it('a change of three objects leaves nothing unrecorded, unended or untrue', async () => {
    const verdicts = await runAll(ApplyScene.start);
    expect(broken(verdicts)).toEqual([]);
    expect(verdicts.length).toBeGreaterThanOrEqual(100);
    // What the other replica is for: without its turn most of the dead leave something open.
    const dead = verdicts.filter(({ fault }) => fault.kind === 'killedAfter');
    const open = dead.filter(each => each.open.length > 0);
    expect(open.length).toBeGreaterThan(dead.length / 2);
    expect(open.flatMap(each => each.open)).toContain('A2: it stays applying');
  });

  it('a change that the cluster denies is recorded as denied, and nothing is sent', async () => {
    const verdicts = await runAll(options =>
      ApplyScene.start({ ...options, isDenied: true }),
    );
    expect(broken(verdicts)).toEqual([]);
  });

  it.each(['NotAllowedError', 'InputError'] as const)(
    'a try that is refused as %s is in the log before anybody is told',
    async error => {
      const verdicts = await runAll(options =>
        RefusalScene.create({ ...options, error }),
      );
      expect(broken(verdicts)).toEqual([]);
    },
  );
});
