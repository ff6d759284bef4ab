import { createServer as createHttp, Server as HttpServer } from 'node:http';
import { AddressInfo, createServer as createTcp, Server } from 'node:net';
import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { migrateDatabase } from '../../changes/migrateDatabase';
import { exampleEntry } from '../../changes/__testUtils__/exampleChange';
import {
  createTestDatabases,
  describeDatabases,
} from '../../__testUtils__/testDatabases';
import { openLog } from '../__testUtils__/LogHarness';
import { AuditForwarder } from './AuditForwarder';
import { createReceivers } from './createReceivers';
import { formatSyslog } from './SyslogReceiver';
import type { AuditReceiver, ForwardedEntry } from './types';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const servers: (Server | HttpServer)[] = [];

afterEach(() => {
  servers.splice(0).forEach(server => server.close());
});

async function portOf(server: Server | HttpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('forwarding of the audit log', () => {
  describeDatabases(id => {
    let knex: Knex;
    let append: ReturnType<typeof openLog>['append'];
    let log: ReturnType<typeof openLog>['log'];

    beforeEach(async () => {
      knex = await databases.init(id);
      await migrateDatabase({ getClient: async () => knex });
      ({ append, log } = openLog(knex));
    });

    const forwarderTo = (...receivers: AuditReceiver[]) =>
      AuditForwarder.create({
        knex,
        receivers,
        logger: mockServices.logger.mock(),
      });
    /** Nobody waits for the next try in a test. */
    const makeDue = () => knex('audit_forward').update({ next_at: 0 });

    it('sends everything that comes after the receiver does, in order, across failures', async () => {
      await append(2);
      const taken: number[] = [];
      let refusals = 0;
      const receiver: AuditReceiver = {
        name: 'siem',
        receive: async entries => {
          taken.push(...entries.map(({ seq }) => seq));
          // It has them, and the answer is lost.
          if (refusals > 0) {
            refusals -= 1;
            throw new Error('cut off');
          }
        },
      };
      const forwarder = forwarderTo(receiver);
      await forwarder.forwardDue();
      expect(taken).toEqual([]);
      await append(250);
      refusals = 1;
      await forwarder.forwardDue();
      expect(taken).toHaveLength(100);
      const [row] = await knex('audit_forward');
      expect(row).toMatchObject({ attempts: 1, error: 'cut off' });
      expect(Number(row.seq)).toBe(2);
      // Not before its time.
      await forwarder.forwardDue();
      expect(taken).toHaveLength(100);
      await makeDue();
      await forwarder.forwardDue();
      const all = Array.from({ length: 250 }, (_, at) => at + 3);
      expect(taken.slice(100)).toEqual(all);
      expect((await knex('audit_forward'))[0]).toMatchObject({
        attempts: 0,
        error: null,
      });
    });

    it('loses nothing between replicas, and a broken receiver holds up no other', async () => {
      const taken = new Set<number>();
      const good: AuditReceiver = {
        name: 'good',
        receive: async entries => entries.forEach(({ seq }) => taken.add(seq)),
      };
      const broken: AuditReceiver = {
        name: 'broken',
        receive: () => Promise.reject(new Error('nobody there')),
      };
      const replicas = [1, 2, 3].map(() => forwarderTo(broken, good));
      await Promise.all(replicas.map(replica => replica.forwardDue()));
      await append(320);
      for (let round = 0; round < 4; round += 1) {
        await makeDue();
        await Promise.all(replicas.map(replica => replica.forwardDue()));
      }
      expect([...taken].sort((a, b) => a - b)).toEqual(
        Array.from({ length: 320 }, (_, at) => at + 1),
      );
    });

    it('speaks NDJSON and OpenTelemetry over HTTP', async () => {
      const bodies: { type?: string; key?: string; text: string }[] = [];
      const port = await portOf(
        createHttp((request, response) => {
          let text = '';
          request.setEncoding('utf8').on('data', piece => {
            text += piece;
          });
          request.on('end', () => {
            bodies.push({
              type: request.headers['content-type'],
              key: String(request.headers['idempotency-key']),
              text,
            });
            response.statusCode = request.headers.authorization ? 200 : 401;
            response.end();
          });
        }),
      );
      const url = `http://127.0.0.1:${port}/v1/logs`;
      const headers = { Authorization: 'Bearer x' };
      const forwarder = forwarderTo(
        ...createReceivers([
          { name: 'http', http: { url, headers } },
          { name: 'otlp', otlp: { url, headers } },
          { name: 'refused', http: { url, headers: {} } },
        ]),
      );
      await forwarder.forwardDue();
      await log.append([exampleEntry(ulid(), { kind: 'denied' })]);
      await makeDue();
      await forwarder.forwardDue();
      const ndjson = bodies.find(({ type }) => type === 'application/x-ndjson');
      expect(ndjson?.key).toBe('1-1');
      expect(JSON.parse(ndjson?.text ?? '')).toMatchObject({
        seq: 1,
        kind: 'denied',
        details: { reason: 'Next canary step' },
      });
      const otlp = bodies.find(({ type }) => type === 'application/json');
      const [resource] = JSON.parse(otlp?.text ?? '').resourceLogs;
      expect(resource.scopeLogs[0].logRecords).toEqual([
        expect.objectContaining({
          timeUnixNano: '1700000000000000000',
          severityNumber: 13,
          eventName: 'istio.audit.denied',
        }),
      ]);
      const [refused] = await knex('audit_forward').where(
        'receiver',
        'refused',
      );
      expect(refused.error).toBe('it answered 401');
      expect(Number(refused.seq)).toBe(0);
    });

    it('speaks syslog, and takes a connection that breaks for no receipt', async () => {
      let received = '';
      let isBroken = true;
      const port = await portOf(
        createTcp({ allowHalfOpen: true }, socket => {
          socket.on('error', () => {});
          if (isBroken) {
            socket.resetAndDestroy();
            return;
          }
          socket.setEncoding('utf8').on('data', piece => {
            received += piece;
          });
          socket.on('end', () => socket.end());
        }),
      );
      const forwarder = forwarderTo(
        ...createReceivers([
          { name: 'syslog', syslog: { host: '127.0.0.1', port, tls: false } },
        ]),
      );
      await forwarder.forwardDue();
      await log.append([
        exampleEntry(ulid(), { payload: { reason: 'Fünf\n"Zeilen"' } }),
        exampleEntry(ulid()),
      ]);
      await makeDue();
      await forwarder.forwardDue();
      expect(Number((await knex('audit_forward'))[0].seq)).toBe(0);
      isBroken = false;
      await makeDue();
      await forwarder.forwardDue();
      expect(Number((await knex('audit_forward'))[0].seq)).toBe(2);
      const messages = unframe(received);
      expect(messages).toHaveLength(2);
      expect(messages[0]).toMatch(
        /^<110>1 \S+Z \S+ istio-portal - intent \[audit@32473 seq="1" /,
      );
      expect(messages[0]).toContain('Fünf\\n\\"Zeilen\\"');
    });
  });

  it('keeps quotes and brackets of a reference out of the structure of a message', () => {
    const entry: ForwardedEntry = {
      seq: 1,
      id: 'ID',
      opId: 'OP',
      kind: 'denied',
      occurredAt: '2026-07-14T14:00:00.000Z',
      recordedAt: '2026-07-14T14:00:00.001Z',
      by: 'user:default/mira',
      about: 'a"] [evil@1 x="\n\\',
      details: {},
      hash: 'ab',
    };
    const message = formatSyslog(entry, 'portal-1');
    expect(message.split('\n')).toHaveLength(1);
    expect(message).toContain('about="a\\"\\] [evil@1 x=\\" \\\\" hash="ab"]');
    expect(
      message.startsWith('<108>1 2026-07-14T14:00:00.001Z portal-1 '),
    ).toBe(true);
  });
});

/** RFC 6587, 3.4.1: octet counting. */
function unframe(text: string): string[] {
  const messages: string[] = [];
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    const space = rest.indexOf(' ');
    const length = Number(rest.toString('utf8', 0, space));
    messages.push(rest.toString('utf8', space + 1, space + 1 + length));
    rest = rest.subarray(space + 1 + length);
  }
  return messages;
}
