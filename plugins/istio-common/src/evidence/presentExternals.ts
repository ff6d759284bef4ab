import { renderParagraph, renderTable } from './html';
import type { EvidencePack, PackExternal } from './types';

const LIMITS =
  'These are the changes that the portal saw in the clusters it watches while istio.drift was on. Who wrote is a claim of the client, not an identity, and writers in istio.drift.ignoreManagers are left out. Compare with the audit log of each API server: every request of the portal carries the attempt’s id as its Audit-ID.';

/** Changes past the portal, and what people decided about them. */
export function presentExternals({ externals }: EvidencePack) {
  const open = externals.filter(({ disposition }) => disposition === 'open');
  return {
    title: `Out-of-band changes (${externals.length}, ${open.length} open)`,
    html: [
      renderTable({
        columns: [
          'Seen at',
          'Operation',
          'Object',
          'Component',
          'Who (claimed)',
          'Disposition',
        ],
        rows: externals.map(external => [
          external.seenAt ?? 'before the period',
          [external.title, external.opId].filter(Boolean).join(' / '),
          nameObject(external),
          external.about,
          describeWriter(external),
          describeDisposition(external),
        ]),
        none: 'None was recorded. Where istio.drift was off, that is no evidence that there was none.',
      }),
      renderParagraph(LIMITS),
    ].join('\n'),
  };
}

function nameObject({ object, action }: PackExternal): string {
  if (!object) return 'unknown, its details are not in the period';
  const place = [object.namespace, object.name].filter(Boolean).join('/');
  return `${object.cluster}: ${object.kind} ${place} ${action ?? ''}`.trim();
}

function describeWriter({ claimedBy, claims = [], owner }: PackExternal) {
  const times = claims.flatMap(({ manager, at }) =>
    at === undefined ? [] : [`${manager} at ${at}`],
  );
  return [
    claimedBy ?? 'unknown',
    ...times,
    ...(owner === undefined ? [] : [`kept by ${owner}`]),
  ].join(', ');
}

function describeDisposition({ adoption, revert }: PackExternal): string {
  const steps = [
    adoption &&
      `adopted by ${adoption.by} at ${adoption.at}: ${[
        adoption.reason ?? 'no reason recorded',
        adoption.ticket,
      ]
        .filter(Boolean)
        .join(', ')}`,
    revert &&
      `reverted by change ${revert.changeId ?? 'unknown'} at ${revert.at}`,
  ].filter(step => step !== undefined);
  return steps.length > 0 ? steps.join('; ') : 'open';
}
