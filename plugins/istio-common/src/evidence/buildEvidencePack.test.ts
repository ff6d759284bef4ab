import type { LogReport } from '../audit/report';
import type { LogEntry } from '../audit/types';
import { buildEvidencePack } from './buildEvidencePack';
import { formatPackSums, parsePackSums, writePackFiles } from './packFiles';
import { portableDigest } from '../audit/digest';

const MIRA = 'user:default/mira.kovac';
const PRIYA = 'user:default/priya.nair';
const MADE_AT = '2026-08-01T00:00:00.000Z';

let seq = 0;
function entry(
  opId: string,
  kind: string,
  more: { actor?: string; target?: string; data?: object } = {},
): LogEntry {
  seq += 1;
  return {
    seq,
    id: `ID${seq}`,
    opId,
    kind,
    occurredAt: Date.parse('2026-07-14T14:00:00Z') + seq * 1000,
    recordedAt: Date.parse('2026-07-14T14:00:00Z') + seq * 1000,
    actor: more.actor ?? MIRA,
    target: more.target ?? 'component:default/reviews',
    payloadCommit: '',
    prevHash: '',
    entryHash: '',
    payload: { salt: '', json: JSON.stringify({ data: more.data ?? {} }) },
  };
}

const verification: LogReport = {
  verdict: 'intact',
  origin: 'portal.example.com/istio-audit',
  entries: { first: 1, last: 14, count: 14 },
  root: 'ab'.repeat(32),
  checkpoints: { count: 1, signed: 1, signedTo: 14 },
  anchors: { count: 0, coveredTo: 0 },
  uncoveredTail: { first: 1, last: 14 },
  redacted: [],
  purged: [],
  problems: [],
  problemCount: 0,
  notes: [],
};
const approval = {
  requirements: [],
  decisions: [],
  hash: 'f'.repeat(64),
  policyVersion: '7',
};
const guardrails = [{ policy: 'weight-step', verdict: 'pass', text: 'fine' }];
const outside = {
  title: 'reviews: VirtualService edited',
  object: {
    cluster: 'prod-eu',
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace: 'catalog',
    name: 'reviews',
  },
  action: 'edited',
  claims: [{ manager: 'kubectl-edit', at: '2026-07-14T13:59:00Z' }],
  fields: ['spec.http[0].timeout'],
  hash: { before: 'a', after: 'b' },
  hidden: [],
};
const reviewBy = Date.parse('2026-07-15T00:00:00Z');
const pack = () =>
  buildEvidencePack({
    verification,
    madeAt: MADE_AT,
    madeBy: PRIYA,
    entries: [
      entry('EARLIER', 'verified', { actor: 'system' }),
      entry('GOOD', 'requested', {
        data: { title: '<b>v2</b> to 10 %', reason: 'Canary', guardrails },
      }),
      entry('GOOD', 'approved', { actor: PRIYA, data: { approval } }),
      entry('GOOD', 'applied'),
      entry('OWN', 'requested', { data: { guardrails } }),
      entry('OWN', 'approved', { data: { approval } }),
      entry('TRIED', 'denied', { data: { reason: 'Too much' } }),
      entry('FIRE', 'intent', { data: { breakGlass: { reviewBy } } }),
      entry('FIRE', 'reviewed', {
        actor: PRIYA,
        data: { verdict: 'accepted', reason: 'It burnt' },
      }),
      entry('SMOKE', 'intent', { data: { breakGlass: { reviewBy } } }),
      entry('BACK', 'intent', { data: { revertOf: 'GOOD' } }),
      ...['OPEN', 'MEANT', 'UNDONE'].map(id =>
        entry(id, 'externalChange', { actor: 'system', data: outside }),
      ),
      entry('MEANT', 'adopted', {
        actor: PRIYA,
        data: { title: outside.title, reason: 'Agreed', ticket: 'CAT-7' },
      }),
      entry('UNDONE', 'reverted', { data: { revertedBy: 'BACK' } }),
      entry('OLD', 'adopted', { data: { reason: 'Known' } }),
      entry('R', 'auditRefused', { target: 'audit:log' }),
      entry('K', 'signingKey', { target: 'audit:log', actor: 'system' }),
      { ...entry('GONE', 'intent'), payload: undefined },
    ],
  });

describe('buildEvidencePack', () => {
  it('sorts a period into what an auditor asks for, and loses nothing', () => {
    const found = pack();
    const ids = (threads: { opId: string }[]) => threads.map(one => one.opId);
    expect(ids(found.population)).toEqual([
      'GOOD',
      'OWN',
      'TRIED',
      'FIRE',
      'SMOKE',
      'BACK',
      'GONE',
    ]);
    expect(ids(found.earlier)).toEqual(['EARLIER']);
    expect(ids(found.exceptions)).toEqual(['TRIED']);
    expect(ids(found.backOuts)).toEqual(['BACK', 'UNDONE']);
    expect(found.externals).toMatchObject([
      {
        opId: 'OPEN',
        object: { cluster: 'prod-eu', name: 'reviews' },
        claimedBy: 'kubectl-edit (claimed)',
        disposition: 'open',
      },
      {
        opId: 'MEANT',
        disposition: 'adopted',
        adoption: { by: PRIYA, reason: 'Agreed', ticket: 'CAT-7' },
      },
      {
        opId: 'UNDONE',
        disposition: 'reverted',
        revert: { changeId: 'BACK' },
      },
      { opId: 'OLD', disposition: 'adopted', adoption: { by: MIRA } },
    ]);
    expect(found.externals[3].object).toBeUndefined();
    expect(found.approvals).toMatchObject([
      { opId: 'GOOD', requestedBy: MIRA, by: PRIYA, policyVersion: '7' },
      { opId: 'OWN', requestedBy: MIRA, by: MIRA },
    ]);
    expect(found.dutyConflicts).toMatchObject([
      { opId: 'OWN', by: MIRA, what: 'approved' },
    ]);
    expect(
      found.emergencies.map(({ thread, state, review }) => [
        thread.opId,
        state,
        review?.verdict,
      ]),
    ).toEqual([
      ['FIRE', 'reviewed', 'accepted'],
      ['SMOKE', 'overdue', undefined],
    ]);
    expect(found.policies).toEqual([
      { policy: 'weight-step', verdicts: { pass: 2 } },
    ]);
    expect(found.readings).toMatchObject([{ kind: 'auditRefused' }]);
    expect(found.logEvents).toMatchObject([{ kind: 'signingKey' }]);
    expect(found.unreadable).toBe(1);
  });

  it('writes a page that runs nothing of what people wrote', () => {
    const files = writePackFiles(pack());
    const page = files.find(({ name }) => name === 'index.html')!.text;
    expect(page).toContain('&lt;b&gt;v2&lt;/b&gt; to 10 %');
    expect(page).not.toContain('<b>');
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('Intact: 14 entries, 1 to 14, without a gap');
    expect(page).toContain('Out-of-band changes (4, 1 open)');
    expect(page).toContain('kubectl-edit at 2026-07-14T13:59:00Z');
    expect(page).toContain('reverted by change BACK at 2026-07-14');
    expect(page).toContain('a claim of the client, not an identity');
    expect(page).toContain('Segregation of duties (1 conflicts)');
  });

  it('takes an empty list of changes outside for no evidence', () => {
    const files = writePackFiles({ ...pack(), externals: [] });
    const page = files.find(({ name }) => name === 'index.html')!.text;
    expect(page).toContain('that is no evidence that there was none');
  });

  it('lists the hash of every file, and reads no other text as such a list', () => {
    const files = writePackFiles(pack());
    const text = formatPackSums({
      origin: 'portal.example.com/istio-audit',
      files,
      digest: portableDigest,
    });
    const list = parsePackSums(text);
    expect([...(list?.sums.keys() ?? [])]).toEqual(
      files.map(({ name }) => name),
    );
    expect(parsePackSums(text.replace('1\n', '2\n'))).toBeUndefined();
    expect(parsePackSums(`${text}../etc/passwd\n`)).toBeUndefined();
  });
});
