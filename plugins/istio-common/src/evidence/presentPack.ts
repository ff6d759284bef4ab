import { explainReport } from '../audit/explainReport';
import type { AuditThread, ThreadEntry } from './resolveThread';
import { renderList, renderPage, renderParagraph, renderTable } from './html';
import { presentExternals } from './presentExternals';
import type { EvidencePack } from './types';

/** The pack as a page to read: population first, then what deserves a look. */
export function presentPack(pack: EvidencePack): string {
  const { from, to, madeAt, madeBy, origin } = pack;
  return renderPage({
    title: `Evidence of ${from ?? 'the beginning'} to ${to ?? madeAt}`,
    sections: [
      {
        title: 'What this is',
        html: renderList([
          `Log: ${origin ?? 'unknown, it has no checkpoint'}`,
          `Made at ${madeAt} for ${madeBy}`,
          'log.ndjson holds every entry of the period with its proof; this page and evidence.json are read from it and from nothing else. SHA256SUMS.note holds the hashes of all files, signed with the key of the log.',
        ]),
      },
      { title: 'Completeness and integrity', html: presentProofs(pack) },
      ...presentChanges(pack),
      ...presentControls(pack),
      ...presentLog(pack),
    ],
  });
}

function presentProofs({ verification, unreadable }: EvidencePack): string {
  const { entries, verdict, problems, notes } = verification;
  const { proves, doesNotProve } = explainReport(verification);
  return [
    renderParagraph(
      verdict === 'intact'
        ? `Intact: ${entries.count} entries, ${entries.first} to ${entries.last}, without a gap. Root ${verification.root}.`
        : `NOT intact: ${verification.problemCount} problems.`,
    ),
    renderList([
      ...proves,
      ...doesNotProve.map(limit => `Not proved: ${limit}`),
      ...notes,
      ...problems.map(({ code, text }) => `${code}: ${text}`),
      ...(unreadable > 0
        ? [
            `The details of ${unreadable} entries were taken out by redaction or retention: they are counted and cannot be read.`,
          ]
        : []),
    ]),
  ].join('\n');
}

const THREADS = [
  'Asked at',
  'Operation',
  'Component',
  'Who',
  'Why',
  'Where',
  'Approved by',
  'Result',
];

function toRow(thread: AuditThread): string[] {
  const { operations, decisions, ticket, reason } = thread;
  return [
    thread.at,
    [thread.title ?? thread.entries[0].text ?? '', thread.opId]
      .filter(Boolean)
      .join(' / '),
    thread.about,
    thread.by,
    [reason, ticket].filter(Boolean).join(' / '),
    operations
      .map(
        ({ object }) =>
          `${object.cluster}: ${object.kind} ${object.namespace ?? ''}/${
            object.name
          }`,
      )
      .join(', '),
    decisions
      .filter(({ kind }) => kind === 'approved')
      .map(({ by, at }) => `${by} at ${at}`)
      .join(', '),
    thread.result ?? 'no result recorded',
  ];
}

function presentChanges(pack: EvidencePack) {
  const section = (
    title: string,
    threads: readonly AuditThread[],
    none: string,
  ) => ({
    title: `${title} (${threads.length})`,
    html: renderTable({ columns: THREADS, rows: threads.map(toRow), none }),
  });
  return [
    section('Population', pack.population, 'Nothing was asked for.'),
    section(
      'Begun before the period',
      pack.earlier,
      'No earlier operation has entries in the period.',
    ),
    section(
      'Exceptions',
      pack.exceptions,
      'Nothing was refused, failed or stayed without proof.',
    ),
    section('Taken back', pack.backOuts, 'Nothing was taken back.'),
  ];
}

function presentControls(pack: EvidencePack) {
  return [
    presentApprovals(pack),
    {
      title: `Segregation of duties (${pack.dutyConflicts.length} conflicts)`,
      html: renderTable({
        columns: ['At', 'Operation', 'Who asked and decided', 'What'],
        rows: pack.dutyConflicts.map(({ at, opId, by, what }) => [
          at,
          opId,
          by,
          what,
        ]),
        none: 'Nobody approved or reviewed what they had asked for.',
      }),
    },
    presentEmergencies(pack),
    presentExternals(pack),
    presentPolicies(pack),
  ];
}

function presentApprovals({ approvals }: EvidencePack) {
  return {
    title: `Approvals (${approvals.length})`,
    html: renderTable({
      columns: [
        'At',
        'Operation',
        'Asked by',
        'Decision',
        'By',
        'For',
        'Reason',
      ],
      rows: approvals.map(approval => [
        approval.at,
        approval.title ?? approval.opId,
        approval.requestedBy,
        approval.kind,
        approval.by,
        `plan ${approval.planHash ?? 'unknown'}, guardrails ${
          approval.policyVersion ?? 'unknown'
        }`,
        approval.reason ?? '',
      ]),
      none: 'No approval was asked for.',
    }),
  };
}

function presentEmergencies({ emergencies }: EvidencePack) {
  return {
    title: `Emergencies (${emergencies.length})`,
    html: renderTable({
      columns: ['Asked at', 'Operation', 'Who', 'Why', 'Review due', 'Review'],
      rows: emergencies.map(({ thread, reviewBy, review, state }) => [
        thread.at,
        thread.title ?? thread.opId,
        thread.by,
        thread.reason ?? '',
        reviewBy,
        review
          ? `${state}: ${review.verdict} by ${review.by} at ${review.at}${
              review.reason ? `, ${review.reason}` : ''
            }`
          : state,
      ]),
      none: 'Nothing went past approval and freezes.',
    }),
  };
}

function presentPolicies({ policies, policyVersions }: EvidencePack) {
  return {
    title: 'Guardrails in force',
    html: [
      renderTable({
        columns: ['Guardrail', 'Verdicts'],
        rows: policies.map(({ policy, verdicts }) => [
          policy,
          Object.entries(verdicts)
            .map(([verdict, count]) => `${verdict} ${count}`)
            .join(', '),
        ]),
        none: 'No guardrail was recorded in the period.',
      }),
      renderParagraph(
        policyVersions.length > 0
          ? `Approvals were bound to version ${policyVersions.join(', ')}.`
          : 'No approval names a version of the guardrails.',
      ),
    ].join('\n'),
  };
}

function presentLog(pack: EvidencePack) {
  const section = (
    title: string,
    entries: readonly ThreadEntry[],
    none: string,
  ) => ({
    title: `${title} (${entries.length})`,
    html: renderTable({
      columns: ['Recorded at', 'Entry', 'Kind', 'Who', 'Details'],
      rows: entries.map(({ recordedAt, seq, kind, by, details }) => [
        recordedAt,
        String(seq),
        kind,
        by,
        JSON.stringify(details),
      ]),
      none,
    }),
  });
  return [
    section('Readings of the log', pack.readings, 'Nobody read the log.'),
    section(
      'The log itself',
      pack.logEvents,
      'No key, anchor, redaction or retention was recorded.',
    ),
  ];
}
