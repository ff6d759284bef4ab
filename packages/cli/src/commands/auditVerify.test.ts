import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bytesToHex,
  commitPayload,
  CompactRange,
  createNoteSigner,
  EXPORT_FORMAT,
  ExportManifest,
  formatAnchorLine,
  formatCheckpoint,
  hashEntry,
  LogEntry,
  NO_HASH,
  PACK_SUMS,
  portableDigest as digest,
  resolveSearchTerms,
  toCanonicalJson,
  toEntryRow,
} from '@istio-backstage/plugin-istio-common';
import knexFactory, { Knex } from 'knex';
import { runCli } from '../runCli';

const signer = createNoteSigner({
  name: 'example.com/log',
  seed: new Uint8Array(32).fill(1),
});
const stranger = createNoteSigner({
  name: 'example.com/log',
  seed: new Uint8Array(32).fill(2),
});

/** A log of five entries with a checkpoint over the first four. */
function exampleLog() {
  const tree = CompactRange.create({ digest });
  const leaves: Uint8Array[] = [];
  const entries: LogEntry[] = [];
  let root = '';
  for (let seq = 1; seq <= 5; seq += 1) {
    const payload = {
      salt: `0${seq}`.repeat(16),
      json: toCanonicalJson({ data: { reason: `Step ${seq}` } }),
    };
    const header = {
      seq,
      id: `ID${seq}`,
      opId: 'OP',
      kind: 'intent',
      occurredAt: 1_700_000_000_000,
      recordedAt: 1_700_000_000_000 + seq,
      actor: 'user:default/mira.kovac',
      target: 'component:default/reviews',
      payloadCommit: commitPayload(payload, digest),
      prevHash: entries.at(-1)?.entryHash ?? NO_HASH,
    };
    const leaf = hashEntry(header, digest);
    leaves.push(leaf);
    tree.append(leaf);
    if (seq === 4) root = bytesToHex(tree.root());
    entries.push({ ...header, entryHash: bytesToHex(leaf), payload });
  }
  const body = { origin: 'example.com/log', size: 4, root, number: 1 };
  const note = signer.sign(formatCheckpoint(body));
  return { entries, leaves, checkpoint: { number: 1, size: 4, root, note } };
}

const log = exampleLog();

function exportLines(change: (lines: string[]) => string[] = same => same) {
  const { entries, leaves, checkpoint } = log;
  const manifest: ExportManifest = {
    type: 'manifest',
    format: EXPORT_FORMAT,
    first: 2,
    last: 3,
    count: 2,
    tree: { size: 4, root: checkpoint.root },
    checkpoint,
    key: signer.verifierKey,
    proof: {
      before: [bytesToHex(leaves[0])],
      after: [bytesToHex(leaves[3])],
    },
  };
  const lines = [
    manifest,
    ...entries.slice(1, 3).map(entry => ({ type: 'entry', ...entry })),
  ].map(line => JSON.stringify(line));
  return `${change(lines).join('\n')}\n`;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'istio-portal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const verify = (args: string[], stdin = '') => run(['verify', ...args], stdin);

async function run(args: string[], stdin = '') {
  const written = { out: '', error: '' };
  const code = await runCli(['audit', ...args], {
    out: text => {
      written.out += text;
    },
    error: text => {
      written.error += text;
    },
    readStdin: () => stdin,
    cwd: folder,
    now: () => 0,
  });
  return { code, ...written };
}

async function writeDatabase(change?: (knex: Knex) => Promise<unknown>) {
  const filename = join(folder, 'istio.sqlite');
  const knex = knexFactory({
    client: 'better-sqlite3',
    useNullAsDefault: true,
    connection: { filename },
  });
  const rows: Record<string, object[]> = {
    audit_entry: log.entries.map(toEntryRow),
    audit_payload: log.entries.map(({ id, payload }) => ({
      entry_id: id,
      ...payload,
    })),
    audit_head: [{ id: 1, seq: 5, hash: log.entries[4].entryHash }],
    audit_checkpoint: [log.checkpoint],
    audit_text: log.entries.map(({ seq, kind, payload }) => ({
      seq,
      words: resolveSearchTerms(kind, payload!.json).words,
    })),
  };
  for (const [table, [first]] of Object.entries(rows)) {
    const columns = Object.keys(first).map(name => `"${name}"`);
    await knex.raw(`CREATE TABLE ${table} (${columns.join(', ')})`);
    await knex(table).insert(rows[table]);
  }
  await knex.raw('CREATE TABLE audit_node (level, idx, hash)');
  await knex.raw('CREATE TABLE audit_ref (kind, value, seq)');
  await change?.(knex);
  await knex.destroy();
  return 'istio.sqlite';
}

describe('istio-portal audit verify', () => {
  it('finds an export intact, from a file and from standard input', async () => {
    const file = write('log.ndjson', exportLines());
    const { code, out } = await verify([file, '--key', signer.verifierKey]);
    expect(out).toContain('The log is intact: entries 2 to 3.');
    expect(out).toContain('1 signed, signed up to entry 4.');
    expect(out).toContain('No anchor covers entries 2 to 3 yet');
    expect(code).toBe(0);
    expect((await verify(['-'], exportLines())).out).toContain('Give the key');
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    ['an entry left out', ([a, b]) => [a, b], 'missingEntry'],
    ['entries exchanged', ([a, b, c]) => [a, c, b], 'chainBroken'],
    [
      'another person',
      ([a, b, c]) => [a, b.replace('mira', 'vera'), c],
      'headerAltered: Entry 2',
    ],
    [
      'another reason',
      ([a, b, c]) => [a, b, c.replace('Step 3', 'Step 9')],
      'payloadAltered: Entry 3',
    ],
    [
      'a manifest of less',
      ([a, b]) => [a.replace('"last":3,"count":2', '"last":2,"count":1'), b],
      'proofWrong',
    ],
  ])('tells of %s', async (_, change, problem) => {
    const file = write('log.ndjson', exportLines(change));
    const { code, out } = await verify([file, '--key', signer.verifierKey]);
    expect(out).toContain('The log is NOT intact');
    expect(out).toContain(problem);
    expect(code).toBe(1);
  });

  it('does not believe a signature of somebody else', async () => {
    const file = write('log.ndjson', exportLines());
    const key = write('key.txt', `${stranger.verifierKey}\n`);
    const { code, out } = await verify([file, '--key', key]);
    expect(out).toContain('keyUntrusted');
    expect(code).toBe(1);
  });

  it('verifies a database file against anchors, as JSON', async () => {
    const anchor = write('anchor.ndjson', formatAnchorLine(log.checkpoint));
    const { code, out } = await verify([
      await writeDatabase(),
      '--key',
      signer.verifierKey,
      '--anchor',
      anchor,
      '--output',
      'json',
    ]);
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      report: {
        verdict: 'intact',
        origin: 'example.com/log',
        entries: { first: 1, last: 5, count: 5 },
        anchors: { count: 1, coveredTo: 4 },
        uncoveredTail: { first: 5, last: 5 },
      },
    });
    expect(code).toBe(0);
  });

  it('tells that entries and checkpoint of a database are gone', async () => {
    const anchor = write('anchor.note', log.checkpoint.note);
    const file = await writeDatabase(async knex => {
      await knex('audit_entry').where('seq', '>', 2).delete();
      await knex('audit_checkpoint').delete();
    });
    const { code, out } = await verify([file, '--anchor', anchor]);
    expect(out).toContain('Anchor anchor.note');
    expect(out).toContain('headWrong');
    expect(code).toBe(1);
  });

  it('makes an evidence pack of an export, and finds what was altered in it', async () => {
    const file = write('log.ndjson', exportLines());
    const made = await run([
      'pack',
      file,
      '--out',
      'pack',
      '--key',
      signer.verifierKey,
    ]);
    expect(made).toMatchObject({ code: 0, error: '' });
    expect(made.out).toContain('pack/index.html');
    const whole = await verify(['pack']);
    expect(whole.out).toContain('The log is intact: entries 2 to 3.');
    expect(whole.out).toContain('Who made the pack was not checked');
    const unsigned = await verify(['pack', '--key', signer.verifierKey]);
    expect(unsigned.out).toContain('is not signed by a key');
    // As the portal does it.
    const sums = readFileSync(join(folder, 'pack', PACK_SUMS), 'utf8');
    write(`pack/${PACK_SUMS}`, signer.sign(sums));
    const signed = await verify(['pack', '--key', signer.verifierKey]);
    expect(signed.code).toBe(0);
    write('pack/index.html', 'Nothing happened');
    rmSync(join(folder, 'pack', 'verification.json'));
    const altered = await verify(['pack', '--key', signer.verifierKey]);
    expect(altered.code).toBe(1);
    expect(altered.out).toContain('index.html is not the one that was packed');
    expect(altered.out).toContain('verification.json is missing');
    write(
      `pack/${PACK_SUMS}`,
      signer.sign(sums).replace(/^.{64} {2}i/m, m => `0${m.slice(1)}`),
    );
    expect((await verify(['pack', '--key', signer.verifierKey])).out).toContain(
      'checkpointForged',
    );
  });

  it.each([
    [['nothing.ndjson'], '', 'nothing.ndjson cannot be read: ENOENT'],
    [['-'], 'a: b', 'standard input: line 1: is not JSON'],
    [['-'], '{}', 'standard input: line 1: type: Invalid'],
    [['-'], '', 'line 1: expected the manifest'],
    [['-', '--key', 'what'], '', 'what cannot be read: ENOENT'],
    [['-', '-'], '', 'one log at a time'],
    [[], '', 'needs an export, a database file or postgres://'],
    [
      ['postgres://someone:secret@127.0.0.1:1/x'],
      '',
      'the log cannot be read: ',
    ],
  ])('says what is wrong with %j', async (args, stdin, message) => {
    const { code, error } = await verify(args, stdin);
    expect(error).toContain(message);
    expect(error).not.toContain('secret');
    expect(code).toBe(2);
  });
});
