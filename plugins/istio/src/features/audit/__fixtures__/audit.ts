import type {
  AuditCoverage,
  AuditEntryView,
  AuditVerification,
} from '@istio-backstage/plugin-istio-common';

/** What the operation of the entries is about. */
export const heading = {
  by: 'user:default/mira.kovac',
  title: 'reviews: v2 from 0 to 10 %',
  reason: 'Start the canary',
  ticket: 'CAT-7',
  clusters: ['prod-eu'],
  objects: ['VirtualService catalog/reviews'],
};
export const buildEntry = (
  seq: number,
  kind: string,
  more: Partial<AuditEntryView> = {},
): AuditEntryView => ({
  seq,
  id: `ID${seq}`,
  opId: 'OP1',
  kind,
  by: seq === 1 ? heading.by : 'system',
  about: 'component:default/reviews',
  occurredAt: `2026-07-14T14:2${seq}:07.000Z`,
  recordedAt: `2026-07-14T14:2${seq}:08.000Z`,
  details: {},
  isRemoved: false,
  hash: `${seq}`.repeat(64),
  heading,
  ...more,
});
/** A change, newest entry first. */
export const entries = [
  buildEntry(3, 'verified', { text: 'Seen in traffic' }),
  buildEntry(2, 'applied', { isRemoved: true }),
  buildEntry(1, 'intent', {
    details: {
      ...heading,
      revertOf: 'OP0',
      operations: [
        {
          index: 0,
          action: 'patch',
          object: {
            cluster: 'prod-eu',
            apiVersion: 'networking.istio.io/v1',
            kind: 'VirtualService',
            namespace: 'catalog',
            name: 'reviews',
          },
          diff: [{ kind: 'added', text: 'weight: 10' }],
        },
      ],
    },
  }),
];
export const coverage: AuditCoverage = {
  entries: 3,
  checkpoints: [
    {
      number: 4,
      size: 3,
      root: 'ab'.repeat(32),
      isSigned: true,
      coversUntil: '2026-07-14T14:23:08.000Z',
    },
  ],
  anchors: [
    {
      name: 'worm',
      isReadable: true,
      delivered: { number: 4, size: 3, at: '2026-07-14T14:24:00.000Z' },
    },
  ],
  key: 'portal.example.com/istio-audit+1f2e3d4c+AQ',
};

/** Of a log that somebody altered. */
export const report: AuditVerification = {
  verdict: 'broken',
  at: '2026-07-14T14:30:00.000Z',
  origin: 'portal.example.com/istio-audit',
  entries: { first: 1, last: 3, count: 3 },
  root: 'ab'.repeat(32),
  checkpoints: { count: 4, signed: 4, signedTo: 3 },
  anchors: { count: 1, coveredTo: 0 },
  uncoveredTail: { first: 1, last: 3 },
  redacted: [{ seq: 2, by: 3 }],
  purged: [],
  problems: [
    {
      code: 'headerAltered',
      place: 'audit_entry',
      seq: 2,
      text: 'Entry 2: its columns do not give its hash',
    },
  ],
  problemCount: 1,
  notes: [],
  anchorsRead: [
    { name: 'worm', state: 'contradicts', compared: 1, coveredTo: 0 },
  ],
};
