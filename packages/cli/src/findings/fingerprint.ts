import { createHash } from 'node:crypto';
import { objectKey } from '@istio-backstage/plugin-istio-common';
import { PlacedFinding } from './types';

/**
 * What makes each finding the same one in the next run: its code, object and field, whatever line it is on
 * and whatever place in a list. Several of one field are numbered.
 */
export function fingerprint(findings: readonly PlacedFinding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ code, object, path }) => {
    const subject = objectKey({ cluster: '', ...object });
    const field = path.replace(/\[\d+\]/g, '[]');
    const hash = createHash('sha256')
      .update([code, subject, field].join('\n'))
      .digest('hex')
      .slice(0, 16);
    const number = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, number);
    return `${hash}:${number}`;
  });
}
