import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildChild } from './__testUtils__/buildChild';
import { CrashSlot, isWrite } from './__testUtils__/CrashSlot';
import { listFaults } from './__testUtils__/listFaults';
import { hasPostgres, startPostgres } from './__testUtils__/startPostgres';
import type { DatabaseTarget, Fault } from './__testUtils__/types';

/** Children that run at a time; each has a database and an API server of its own. */
const SLOTS = 4;

interface Verdict {
  fault: Fault;
  violations: string[];
}

describe('a change of three objects, with a fault at each step', () => {
  const folder = mkdtempSync(join(tmpdir(), 'istio-portal-crash-'));
  let childFile: string;
  let files = 0;
  let postgres: Awaited<ReturnType<typeof startPostgres>>;

  beforeAll(async () => {
    childFile = await buildChild(folder);
    postgres = await startPostgres(folder);
  });

  afterAll(async () => {
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function targetOf(
    client: DatabaseTarget['client'],
    slot: number,
  ): Promise<DatabaseTarget> {
    if (client === 'better-sqlite3') {
      files += 1;
      return { client, connection: join(folder, `${slot}-${files}.sqlite`) };
    }
    if (!postgres) {
      throw new Error('There is no PostgreSQL on this machine');
    }
    return { client, connection: await postgres.create(`crash_${slot}`) };
  }

  async function withSlots<T>(
    client: DatabaseTarget['client'],
    use: (slots: CrashSlot[]) => Promise<T>,
  ): Promise<T> {
    const slots = await Promise.all(
      Array.from({ length: SLOTS }, async (_, slot) =>
        CrashSlot.open({ childFile, database: await targetOf(client, slot) }),
      ),
    );
    try {
      return await use(slots);
    } finally {
      await Promise.all(slots.map(slot => slot.close()));
    }
  }

  async function runAll(
    slots: CrashSlot[],
    options?: { isAbandoned?: boolean },
  ): Promise<Verdict[]> {
    const plain = await slots[0].run();
    expect(plain.violations).toEqual([]);
    const waiting = listFaults({
      statements: plain.report?.statements ?? [],
      requests: plain.requests.map(request => ({
        isWrite: isWrite(request),
      })),
    }).filter(({ kind }) => !options?.isAbandoned || kind === 'killedAfter');
    const verdicts: Verdict[] = [];
    await Promise.all(
      slots.map(async slot => {
        for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
          const { violations } = await slot.run(fault, options);
          verdicts.push({ fault, violations });
        }
        expect(await slot.findLogProblems()).toEqual([]);
      }),
    );
    return verdicts;
  }

  // PostgreSQL where there is one: see the README.
  it.each<DatabaseTarget['client']>(
    hasPostgres() ? ['better-sqlite3', 'pg'] : ['better-sqlite3'],
  )('leaves nothing unrecorded, unended or untrue on %s', async client => {
    const verdicts = await withSlots(client, slots => runAll(slots));
    expect(verdicts.filter(({ violations }) => violations.length > 0)).toEqual(
      [],
    );
    expect(verdicts.length).toBeGreaterThanOrEqual(100);
  });

  it('finds what is left open where no other replica has its turn', async () => {
    const verdicts = await withSlots('better-sqlite3', slots =>
      runAll(slots, { isAbandoned: true }),
    );
    const open = verdicts.filter(({ violations }) => violations.length > 0);
    // Dead before anything is recorded, or after everything is: nothing is open then.
    expect(open.length).toBeGreaterThan(verdicts.length / 2);
    expect(new Set(open.flatMap(({ violations }) => violations))).toContain(
      'A2: it stays applying',
    );
  });
});
