import { hashJson } from '../../changes/hashObject';
import { fieldsListOf, fieldsOf, isFields } from '../../resources/fields';
import { describeObject, isKind } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import { judgeObjects } from '../judgeObjects';
import type { Policy } from '../types';

/** An injected fault that nobody takes back is an outage; so one comes with the time of its end. */
export const faultExpiry: Policy = {
  id: 'fault-expiry',
  description: 'Injected faults have an end',
  version: 1,
  evaluate(input) {
    return judgeObjects({
      policy: this.id,
      input,
      concerns: ({ after }) =>
        after !== undefined && readFaults(after).length > 0,
      judge: ({ after, before }) => {
        if (!after || input.expiresAt !== undefined) {
          return [];
        }
        const known = new Set(
          (before ? readFaults(before) : []).map(({ hash }) => hash),
        );
        return readFaults(after)
          .filter(({ hash }) => !known.has(hash))
          .map(({ path }) => ({
            verdict: 'deny',
            path,
            text: `${describeObject(
              after,
            )} injects a fault without an end; set when the change expires`,
          }));
      },
      pass:
        input.expiresAt === undefined
          ? 'No fault is added'
          : 'What is injected ends when the change expires',
    });
  },
};

function readFaults(object: KubeObject): { path: string; hash: string }[] {
  return isKind(object, 'VirtualService')
    ? fieldsListOf(fieldsOf(object.spec).http).flatMap(({ fault }, index) =>
        isFields(fault)
          ? [{ path: `spec.http[${index}].fault`, hash: hashJson(fault) }]
          : [],
      )
    : [];
}
