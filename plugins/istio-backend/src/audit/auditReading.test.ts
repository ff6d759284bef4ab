import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuditEntryView,
  ExportVerifier,
  formatCheckpoint,
  judgeSignature,
  PACK_LOG,
  PACK_SUMS,
  parseNote,
  parsePackSums,
  parseVerifierKey,
} from '@istio-backstage/plugin-istio-common';
import JSZip from 'jszip';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { migrateDatabase } from '../changes/migrateDatabase';
import { exampleEntry } from '../changes/__testUtils__/exampleChange';
import {
  createTestDatabases,
  describeDatabases,
} from '../__testUtils__/testDatabases';
import { FileAnchor } from './anchors/FileAnchor';
import { HttpAnchor } from './anchors/HttpAnchor';
import { openLog, ORIGIN, signerOf } from './__testUtils__/LogHarness';
import { asText, MIRA, openAuditApi } from './__testUtils__/openAuditApi';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const PAYMENTS = 'component:default/payments';
const KEY = signerOf(1).verifierKey;

describe('reading the audit log', () => {
  describeDatabases(id => {
    let knex: Knex;
    let log: ReturnType<typeof openLog>['log'];

    beforeEach(async () => {
      knex = await databases.init(id);
      await migrateDatabase({ getClient: async () => knex });
      log = openLog(knex).log;
    });

    const refusals = async () =>
      (await log.list({})).filter(({ kind }) => kind === 'auditRefused');

    it('tells of each entry what its operation is about', async () => {
      const opId = ulid();
      await log.append([
        exampleEntry(opId, {
          kind: 'intent',
          actor: MIRA,
          payload: {
            title: 'reviews: v2 from 0 to 10 %',
            reason: 'Canary',
            ticket: 'CAT-1',
            operations: [
              {
                object: {
                  cluster: 'prod-eu',
                  kind: 'VirtualService',
                  namespace: 'catalog',
                  name: 'reviews',
                },
              },
            ],
          },
        }),
        exampleEntry(opId, { kind: 'verified', actor: 'system', payload: {} }),
        // Another component's: its reader need not be this one's.
        exampleEntry(opId, { kind: 'observed', target: PAYMENTS, payload: {} }),
      ]);
      const { get } = await openAuditApi(knex);
      const { body } = await get('/entries?scope=components').expect(200);
      const [observed, verified] = body.items as AuditEntryView[];
      expect(observed.heading).toBeUndefined();
      expect(verified.heading).toEqual({
        by: MIRA,
        title: 'reviews: v2 from 0 to 10 %',
        reason: 'Canary',
        ticket: 'CAT-1',
        clusters: ['prod-eu'],
        objects: ['VirtualService catalog/reviews'],
      });
      const ofLog = await get('/entries?scope=log').expect(200);
      expect(ofLog.body.items).toMatchObject([
        { kind: 'auditRead', details: { query: { scope: 'components' } } },
      ]);
    });

    it('records what was refused, and how much was left out', async () => {
      await log.append([
        exampleEntry(ulid()),
        exampleEntry(ulid(), { target: PAYMENTS }),
      ]);
      const { get, deny } = await openAuditApi(knex);
      deny(PAYMENTS, 'istio.audit.export');
      const asked = await get(`/entries?entityRef=${PAYMENTS}`).expect(403);
      expect(asked.body.error.message).toContain(`record of ${PAYMENTS}`);
      await get('/entries?scope=log').expect(403);
      await get('/verification').expect(403);
      await get('/export?format=csv').expect(403);
      expect(await refusals()).toMatchObject([
        {
          actor: MIRA,
          payload: { tried: 'search', query: { entityRef: PAYMENTS } },
        },
        { payload: { tried: 'search', query: { scope: 'log' } } },
        { payload: { tried: 'verification' } },
        { payload: { tried: 'export', query: { format: 'csv' } } },
      ]);
      const { body } = await get('/entries').expect(200);
      expect(Object.keys(body)).toEqual(['items']);
      expect((await log.list({})).at(-1)?.payload).toMatchObject({
        found: [1],
        // The component, and the four refusals about the log itself.
        withheld: 5,
      });
      // Nobody learns whether a component exists that the catalog does not show them.
      await get('/entries?entityRef=component:default/unknown').expect(200);
      expect(await refusals()).toHaveLength(4);
    });

    it('exports what filters find, each entry with its proof', async () => {
      await log.append(
        Array.from({ length: 300 }, (_, at) =>
          exampleEntry(ulid(), at % 100 === 0 ? { target: PAYMENTS } : {}),
        ),
      );
      const { get } = await openAuditApi(knex);
      const { body, headers } = await get(`/export?entityRef=${PAYMENTS}`)
        .buffer(true)
        .parse(asText)
        .expect(200);
      expect(headers['content-disposition']).toContain('selection');
      const lines: string[] = body.trim().split('\n');
      expect(lines).toHaveLength(5);
      const whole = verifyLines(lines);
      expect(whole).toMatchObject({
        verdict: 'intact',
        entries: { first: 1, last: 201, count: 3 },
        checkpoints: { signed: 1 },
      });
      expect(whole.notes[0]).toContain('that none was left out is not');
      expect(
        codesOf(lines.map(line => line.replace('"kind":"', '"kind":"x'))),
      ).toEqual(expect.arrayContaining(['headerAltered', 'proofWrong']));
      expect(codesOf(lines.slice(0, -1))).toEqual(['missingEntry']);
      expect(codesOf([lines[0], ...lines.slice(2)])).toEqual(['missingEntry']);
      const forged = lines[0].replace(/"root":"../g, '"root":"00');
      expect(codesOf([forged, ...lines.slice(1)])).toEqual(
        expect.arrayContaining(['proofWrong', 'checkpointAltered']),
      );
    });

    it('packs a period for an auditor, signed', async () => {
      await log.append([
        exampleEntry(ulid(), { payload: { title: 'Canary', reason: 'v2' } }),
        exampleEntry(ulid(), { kind: 'denied' }),
      ]);
      const { get, deny } = await openAuditApi(knex);
      const { body, headers } = await get('/pack').responseType('blob');
      expect(headers['content-type']).toContain('application/zip');
      const archive = await JSZip.loadAsync(body);
      const read = (name: string) =>
        archive.file(new RegExp(`/${name}$`))[0].async('string');
      const note = parseNote(await read(PACK_SUMS));
      const key = parseVerifierKey(KEY);
      expect(judgeSignature(note!, key!)).toBe('valid');
      const { sums } = parsePackSums(note!.text)!;
      expect([...sums.keys()]).toEqual([
        'index.html',
        'evidence.json',
        'verification.json',
        'log.ndjson',
      ]);
      for (const [name, sum] of sums) {
        const hash = createHash('sha256').update(await read(name));
        expect([name, hash.digest('hex')]).toEqual([name, sum]);
      }
      expect(JSON.parse(await read('evidence.json'))).toMatchObject({
        madeBy: MIRA,
        verification: { verdict: 'intact', problems: [] },
        population: [{ title: 'Canary' }, { result: 'denied' }],
        readings: [{ kind: 'auditExport', details: { form: 'evidence pack' } }],
      });
      expect(verifyLines((await read(PACK_LOG)).split('\n')).verdict).toBe(
        'intact',
      );
      deny('istio.audit.export');
      await get('/pack').expect(403);
      expect(await refusals()).toMatchObject([
        { payload: { tried: 'evidence pack' } },
      ]);
    });

    describe('with anchors', () => {
      let folder: string;
      let server: Server | undefined;
      beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), 'istio-anchors-'));
      });
      afterEach(async () => {
        await rm(folder, { recursive: true });
        server?.close();
        server = undefined;
      });

      async function listen(): Promise<string> {
        const kept: string[] = [];
        const listening = createServer((request, response) => {
          if (request.method === 'GET') {
            response.end(kept.at(-1));
            return;
          }
          let note = '';
          request.setEncoding('utf8').on('data', piece => {
            note += piece;
          });
          request.on('end', () => {
            kept.push(note);
            response.end();
          });
        });
        server = listening;
        await new Promise<void>(resolve =>
          listening.listen(0, '127.0.0.1', resolve),
        );
        return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
      }

      it('compares the log with what they keep', async () => {
        const path = join(folder, 'anchor.ndjson');
        const url = await listen();
        const anchors = [
          FileAnchor.create({ name: 'worm', path }),
          HttpAnchor.create({ name: 'siem', url, readUrl: url, headers: {} }),
          HttpAnchor.create({ name: 'blind', url, headers: {} }),
        ];
        const { get, deny, keeper } = await openAuditApi(knex, { anchors });
        await log.append(
          Array.from({ length: 100 }, () => exampleEntry(ulid())),
        );
        const before = await get('/verification').expect(200);
        expect(before.body.anchorsRead).toEqual([
          expect.objectContaining({
            name: 'worm',
            state: 'failed',
            message: expect.stringContaining('ENOENT'),
          }),
          expect.objectContaining({ name: 'siem', state: 'empty' }),
          expect.objectContaining({ name: 'blind', state: 'notReadable' }),
        ]);
        await keeper.tick();

        const { body } = await get('/verification').expect(200);
        expect(body).toMatchObject({ verdict: 'intact', problems: [] });
        const size = body.anchors.coveredTo;
        expect(size).toBeGreaterThanOrEqual(100);
        const agreeing = { state: 'agrees', compared: 1, coveredTo: size };
        expect(body.anchorsRead).toEqual([
          { name: 'worm', ...agreeing },
          { name: 'siem', ...agreeing },
          { name: 'blind', state: 'notReadable', compared: 0, coveredTo: 0 },
        ]);

        const coverage = await get('/coverage').expect(200);
        expect(coverage.body).toMatchObject({
          key: KEY,
          checkpoints: [{ number: 1, size, isSigned: true }],
          anchors: [
            { name: 'worm', isReadable: true, delivered: { number: 1, size } },
            { name: 'siem', isReadable: true, delivered: { size } },
            { name: 'blind', isReadable: false, delivered: { size } },
          ],
        });
        await knex('audit_delivery')
          .where('anchor', 'worm')
          .update({ delivered_at: null, error: 'ENOENT /mnt/worm' });
        deny('istio.audit.export');
        const seen = await get('/coverage').expect(200);
        expect(JSON.stringify(seen.body)).not.toContain('/mnt/worm');
        expect(seen.body.anchors[0].failure.attempts).toBe(1);
      });

      it('finds a log that is another one than they saw, and names them', async () => {
        const path = join(folder, 'anchor.ndjson');
        const anchors = [FileAnchor.create({ name: 'worm', path })];
        await log.append([exampleEntry(ulid())]);
        // Of the same log and key, over entries that are not there any more.
        const root = 'ab'.repeat(32);
        const note = signerOf(1).sign(
          formatCheckpoint({ origin: ORIGIN, size: 1, root, number: 1 }),
        );
        await writeFile(path, `${JSON.stringify({ number: 1, note })}\n`);
        const { get } = await openAuditApi(knex, { anchors });
        const { body } = await get('/verification').expect(200);
        expect(body.verdict).toBe('broken');
        expect(body.anchorsRead).toMatchObject([
          { name: 'worm', state: 'contradicts', compared: 1, coveredTo: 0 },
        ]);
        expect(body.problems).toContainEqual(
          expect.objectContaining({ place: 'anchor worm:1' }),
        );
      });

      it('reads the newest lines of a file that has grown long', async () => {
        const path = join(folder, 'anchor.ndjson');
        const anchor = FileAnchor.create({ name: 'worm', path });
        const line = `${JSON.stringify({
          number: 1,
          note: 'x'.repeat(900),
        })}\n`;
        await appendFile(path, line.repeat(400));
        await appendFile(path, `${JSON.stringify({ number: 2, note: '' })}\n`);
        const text = await anchor.read();
        expect(text.length).toBeLessThanOrEqual(256 * 1024);
        const lines = text.trim().split('\n');
        expect(JSON.parse(lines[0])).toMatchObject({ number: 1 });
        expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ number: 2 });
      });
    });
  });
});

function verifyLines(lines: readonly string[]) {
  const verifier = ExportVerifier.create({ keys: [KEY] });
  lines.forEach(line => verifier.addLine(line));
  return verifier.finish();
}

function codesOf(lines: readonly string[]): string[] {
  return verifyLines(lines).problems.map(({ code }) => code);
}
