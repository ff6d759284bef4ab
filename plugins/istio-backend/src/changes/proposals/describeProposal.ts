import type { StoredChange } from '../types';
import { pageOf, shortName } from '../changeWords';

/** Names the change in a commit; by it a proposal is found again. */
export const CHANGE_TRAILER = 'Istio-Portal-Change';

/** Branch of a change's proposal: the same after every restart. */
export function branchOf({ id }: Pick<StoredChange, 'id'>): string {
  return `istio-portal/${id}`;
}

/** Commit message, title and text of a change's proposal. */
export function describeProposal(
  change: StoredChange,
  /** Page of the portal, without a slash at its end. */
  portalUrl: string,
): { message: string; title: string; body: string } {
  const title = oneLine(change.title).slice(0, 120);
  const by = shortName(change.requestedBy.entityRef);
  const ticket = change.ticket ? `\n\nTicket: ${change.ticket}` : '';
  const trailer = `${CHANGE_TRAILER}: ${change.id}`;
  return {
    title,
    message: `${title}\n\n${oneLine(
      change.reason,
    )}${ticket}\n\nRequested by ${by} in the developer portal.\n\n${trailer}\n`,
    body: [
      `**${by}** asks for this through the developer portal.`,
      `> ${oneLine(change.reason)}`,
      ...(change.ticket ? [`Ticket: ${change.ticket}`] : []),
      ...effectOf(change),
      ...sectionOf(
        'Who is affected',
        (change.preview?.callers ?? []).map(
          ({ workload, namespace, requestsPerSecond, ownerRef }) =>
            `${[namespace, workload].filter(Boolean).join('/') || 'unknown'}: ${
              Math.round(requestsPerSecond * 10) / 10
            } requests/s${ownerRef ? `, owned by ${shortName(ownerRef)}` : ''}`,
        ),
      ),
      ...sectionOf(
        'Findings it adds',
        (change.preview?.findings.added ?? []).map(
          ({ code, text }) => `${code}: ${text}`,
        ),
      ),
      ...sectionOf(
        'Guardrails',
        change.guardrails
          .filter(({ verdict }) => verdict !== 'pass')
          .map(({ verdict, text }) => `${verdict}: ${text}`),
      ),
      `[The change and its record](${portalUrl}${pageOf(change)})`,
      trailer,
    ].join('\n\n'),
  };
}

function effectOf({ preview }: StoredChange): string[] {
  return preview ? [preview.effect.map(({ text }) => text).join('')] : [];
}

function sectionOf(title: string, lines: string[]): string[] {
  return lines.length > 0
    ? [`**${title}**\n${lines.map(line => `- ${line}`).join('\n')}`]
    : [];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
