import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuditEntryView,
  ExportVerifier,
  LogReport,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import request from 'supertest';
import { ulid } from 'ulid';
import { migrateDatabase } from '../changes/migrateDatabase';
import { exampleEntry } from '../changes/__testUtils__/exampleChange';
import {
  createTestDatabases,
  describeDatabases,
} from '../__testUtils__/testDatabases';
import type { NewAuditEntry } from './types';
import { openLog, signerOf } from './__testUtils__/LogHarness';
import { asText, MIRA, openAuditApi, VERA } from './__testUtils__/openAuditApi';
import { verifyLog } from './__testUtils__/verifyLog';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const KEY = signerOf(1).verifierKey;

/** An outcome of a change to `reviews`, as the applier records it. */
function outcome(index: number, overrides: Partial<NewAuditEntry> = {}) {
  return exampleEntry(ulid(), {
    kind: 'outcome',
    event: undefined,
    payload: {
      title: `Step ${index} of the canary`,
      ticket: `CAT-${index}`,
      operation: {
        outcome: index % 2 === 0 ? 'applied' : 'conflict',
        object: {
          cluster: index % 3 === 0 ? 'prod-us' : 'prod-eu',
          kind: 'VirtualService',
          namespace: 'catalog',
          name: 'reviews',
        },
        after: { kind: 'Secret', name: 'not-about-this', cluster: 'x' },
      },
    },
    ...overrides,
  });
}

describe('the audit API', () => {
  describeDatabases(id => {
    let knex: Knex;
    let api: Awaited<ReturnType<typeof openAuditApi>>;
    let log: ReturnType<typeof openLog>['log'];

    beforeEach(async () => {
      knex = await databases.init(id);
      await migrateDatabase({ getClient: async () => knex });
      log = openLog(knex).log;
      api = await openAuditApi(knex);
    });

    const as = (user: string) => mockCredentials.user.header(user);
    const get = (path: string, user = MIRA) => api.get(path, user);
    const find = async (query: string): Promise<AuditEntryView[]> =>
      (await get(`/entries?${query}`).expect(200)).body.items;
    const redact = (seq: number, body: object, user = MIRA) =>
      request(api.app)
        .post(`/v1/audit/entries/${seq}/redaction`)
        .set('Authorization', as(user))
        .send(body);

    it('finds entries by everything they are looked for', async () => {
      const opId = ulid();
      await log.append([
        exampleEntry(opId, { actor: VERA }),
        ...Array.from({ length: 6 }, (_, index) => outcome(index)),
        exampleEntry(opId, {
          kind: 'denied',
          target: 'component:default/payments',
          event: { kind: 'denied', text: 'Fünf Prozent sind zu viel' },
        }),
      ]);
      const seqs = async (query: string) =>
        (await find(query))
          .filter(({ kind }) => kind !== 'auditRead')
          .map(({ seq }) => seq);
      expect(await seqs('')).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
      expect(await seqs(`by=${VERA}`)).toEqual([1]);
      expect(await seqs(`opId=${opId}`)).toEqual([8, 1]);
      expect(await seqs('kind=denied')).toEqual([8]);
      expect(await seqs('result=denied')).toEqual([8]);
      expect(await seqs('result=conflict')).toEqual([7, 5, 3]);
      expect(await seqs('result=conflict&cluster=prod-us')).toEqual([5]);
      expect(await seqs('ticket=CAT-3')).toEqual([5]);
      expect(await seqs('entityRef=component:default/payments')).toEqual([8]);
      expect(
        await seqs('object=VirtualService%20catalog/reviews&ticket=CAT-1'),
      ).toEqual([3]);
      expect(await seqs('object=Secret%20not-about-this')).toEqual([]);
      expect(await seqs('search=the%20CANAR')).toEqual([7, 6, 5, 4, 3, 2]);
      expect(await seqs('search=f%C3%BCnf%20viel')).toEqual([8]);
      expect(await seqs('search=the%20viel')).toEqual([]);
      expect(await seqs(`search=${encodeURIComponent('"\' OR * :')}`)).toEqual(
        [],
      );
      expect(await seqs('from=2999-01-01T00:00:00Z')).toEqual([]);
      expect(await seqs('to=2999-01-01T00:00:00Z&ticket=CAT-3')).toEqual([5]);
    });

    it('pages without loss, and knows who looked', async () => {
      await log.append(Array.from({ length: 11 }, (_, at) => outcome(at)));
      const seen: number[] = [];
      let cursor = '';
      do {
        const { body } = await get(
          `/entries?kind=outcome&search=canary&limit=4${cursor}`,
        ).expect(200);
        seen.push(...body.items.map(({ seq }: AuditEntryView) => seq));
        cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
      } while (cursor);
      expect(seen).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      const reads = await find('kind=auditRead');
      expect(reads).toHaveLength(3);
      expect(reads[0]).toMatchObject({
        by: MIRA,
        about: 'audit:log',
        details: { query: { kind: 'outcome', search: 'canary' } },
      });
    });

    it('shows what may be read, and does not count the rest', async () => {
      await log.append([
        outcome(1),
        outcome(2, { target: 'component:default/payments' }),
        outcome(3, { target: 'component:default/unknown' }),
        outcome(4, { target: 'nothing' }),
      ]);
      await find('');
      api.deny('component:default/payments', 'istio.audit.export');
      expect((await find('')).map(({ seq }) => seq)).toEqual([1]);
      for (const path of ['/verification', '/export']) {
        const { body } = await get(path).expect(403);
        expect(body.error.message).toContain('istio.audit.export');
      }
      api.deny('istio.audit.redact');
      const body = { reason: 'A name', approvedBy: VERA };
      expect((await redact(1, body).expect(403)).body.error.message).toContain(
        'istio.audit.redact',
      );
      expect((await log.list({}))[0].isRemoved).toBeUndefined();
    });

    it('takes details out and leaves the log whole', async () => {
      await log.append([outcome(1), outcome(2), outcome(3)]);
      const body = { reason: 'A name in the title', approvedBy: VERA };
      const { body: entry } = await redact(2, body).expect(201);
      expect(entry).toMatchObject({ seq: 2, isRemoved: true, details: {} });
      expect((await find('search=canary')).map(({ seq }) => seq)).toEqual([
        3, 1,
      ]);
      expect(await find('ticket=CAT-2')).toEqual([]);
      expect((await find('kind=redaction'))[0]).toMatchObject({
        by: MIRA,
        about: 'audit:2',
        details: { seq: 2, reason: 'A name in the title', approvedBy: VERA },
      });
      const { body: report } = await get('/verification').expect(200);
      expect(report).toMatchObject({
        verdict: 'intact',
        problems: [],
        redacted: [{ seq: 2, by: 4 }],
      });
      await redact(2, body).expect(409);
      await redact(4, body).expect(409);
      await redact(99, body).expect(404);
      for (const approvedBy of [
        MIRA,
        MIRA.toUpperCase(),
        'mira.kovac',
        'user:default/',
      ]) {
        const own = await redact(1, { ...body, approvedBy }).expect(400);
        expect(own.body.error.message).toContain('approvedBy: ');
      }
    });

    it('shows a payload put back after it was taken out, or removed without a word', async () => {
      await log.append([outcome(1), outcome(2)]);
      const [{ entry_id }] = await knex('audit_entry').where('seq', 1);
      const [kept] = await knex('audit_payload').where({ entry_id });
      await redact(1, { reason: 'A name', approvedBy: VERA }).expect(201);
      await knex('audit_payload').insert(kept);
      expect(codesOf(await verifyLog(knex))).toContain('payloadReturned');
      await knex('audit_payload').where({ entry_id }).delete();
      expect(codesOf(await verifyLog(knex))).toEqual([]);
      await knex('audit_payload')
        .whereIn(
          'entry_id',
          knex('audit_entry').select('entry_id').where('seq', 2),
        )
        .delete();
      expect(codesOf(await verifyLog(knex))).toContain('payloadMissing');
    });

    it('exports what somebody else can verify, without the portal', async () => {
      await log.append(Array.from({ length: 520 }, (_, at) => outcome(at)));
      const [first] = await knex('audit_entry').where('seq', 300);
      // The rest is later than what was there before.
      while ((await log.list({ afterSeq: 520 })).length === 0) {
        const [{ recorded_at: last }] = await knex('audit_entry').where(
          'seq',
          520,
        );
        if (Date.now() > Number(last) + 1) await log.append([outcome(1)]);
      }
      const { recorded_at: since } = (
        await knex('audit_entry').where('seq', 521)
      )[0];
      expect(Number(first.recorded_at)).toBeLessThan(Number(since));
      const from = new Date(Number(since)).toISOString();
      const whole = await get('/export').buffer(true).parse(asText).expect(200);
      const part = await get(`/export?from=${from}`)
        .buffer(true)
        .parse(asText)
        .expect(200);
      expect(whole.headers['content-disposition']).toContain(
        'istio-audit-1-523.ndjson',
      );
      expect(verifyExport(whole.body)).toMatchObject({
        problems: [],
        entries: { first: 1, count: 523 },
        checkpoints: { signed: 1 },
      });
      expect(verifyExport(part.body)).toMatchObject({
        problems: [],
        entries: { first: 521 },
      });
      const forged = part.body.replace('Step 1 of', 'Step 9 of');
      expect(codesOf(verifyExport(forged))).toEqual(['payloadAltered']);
      await get('/export?to=2001-01-01T00:00:00Z').expect(404);
    });

    it('exports for spreadsheets, which run none of it', async () => {
      await log.append([
        outcome(1, {
          event: { kind: 'failed', text: '=HYPERLINK("http://x","y")' },
        }),
      ]);
      const { body, headers } = await get('/export?format=csv')
        .buffer(true)
        .parse(asText)
        .expect(200);
      expect(headers['content-type']).toContain('text/csv');
      const [head, row] = body.split('\n');
      expect(head).toContain('position,recorded at');
      expect(row).toContain(`"'=HYPERLINK(""http://x"",""y"")"`);
      expect((await find('kind=auditExport'))[0]).toMatchObject({ by: MIRA });
    });

    it.each([
      ['/entries?limit=1000', 'limit: '],
      ['/entries?kind=nothing', 'kind: '],
      ['/entries?cursor=a', 'cursor: must be the nextCursor'],
      ['/entries?from=yesterday', 'from: '],
      ['/export?format=pdf', 'format: '],
    ])('refuses %s and names the field', async (path, message) => {
      const { body } = await get(path).expect(400);
      expect(body.error.message).toContain(message);
    });

    it('answers nobody who is not signed in', async () => {
      for (const path of ['/entries', '/verification', '/export']) {
        const { status } = await request(api.app)
          .get(`/v1/audit${path}`)
          .set('Authorization', mockCredentials.none.header());
        expect([path, status]).toEqual([path, 401]);
      }
    });
  });
});

function codesOf({ problems }: LogReport): string[] {
  return problems.map(({ code }) => code);
}

function verifyExport(text: string): LogReport {
  const verifier = ExportVerifier.create({ keys: [KEY] });
  text.split('\n').forEach(line => verifier.addLine(line));
  return verifier.finish();
}
