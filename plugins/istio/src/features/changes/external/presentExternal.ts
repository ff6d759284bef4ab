import {
  describeGap,
  type Change,
  type ExternalChange,
} from '@istio-backstage/plugin-istio-common';
import { presentFullTime, presentRefName } from '../../../components';
import { sentences } from '../presentWords';

/** Fields that are named before the rest is counted. */
const FIELDS_SHOWN = 6;

/** "Manager kubectl-edit (claimed)", or that nothing tells. */
export function presentClaim({ action, claims }: ExternalChange): string {
  const names = [...new Set(claims.map(({ manager }) => manager))];
  if (names.length === 0) {
    return action === 'deleted'
      ? 'A deleted object does not tell by whom'
      : 'The object does not tell by whom';
  }
  return `${names.length === 1 ? 'Manager' : 'Managers'} ${names.join(
    ', ',
  )} (claimed)`;
}

/** Who it was, in one line: the requester and the ticket, or what the object claims. */
export function presentWho({ requestedBy, ticket, external }: Change): string {
  return external
    ? `Outside the portal. ${presentClaim(external)}`
    : [presentRefName(requestedBy.entityRef), ticket]
        .filter(Boolean)
        .join(', ');
}

/** When each manager wrote, and how: "kubectl-edit: Update, 14 Jul 2026, 10:05:00 UTC". */
export function presentWriters({ claims }: ExternalChange): string[] {
  return claims
    .filter(({ operation, at }) => operation ?? at)
    .map(
      ({ manager, operation, at }) =>
        `${manager}: ${[operation, at && presentFullTime(at)]
          .filter(Boolean)
          .join(', ')}`,
    );
}

/** The changed fields, and how many more. */
export function presentFields({ fields }: ExternalChange): string {
  const more = fields.length - FIELDS_SHOWN;
  return [
    ...fields.slice(0, FIELDS_SHOWN),
    ...(more > 0 ? [`${more} more`] : []),
  ].join(', ');
}

/** What the record cannot show. */
export function presentLimits(external: ExternalChange): string | undefined {
  const { hidden, unseen } = external;
  return (
    sentences(
      describeGap(external),
      unseen,
      hidden.length > 0
        ? `Values that look like secrets are not kept: ${hidden.join(', ')}`
        : undefined,
    ) || undefined
  );
}

/** Whose object it is, beside people; what to do about it stands where Revert is off. */
export function presentOwner({ owner }: ExternalChange): string | undefined {
  return (
    owner &&
    (owner.madeIt ? `${owner.name} made it` : `${owner.name} keeps this object`)
  );
}
