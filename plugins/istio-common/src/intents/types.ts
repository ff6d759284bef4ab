import { z } from 'zod';
import type { KubeObject, ObjectRef } from '../resources/types';
import { shiftTrafficParamsSchema } from './shiftTraffic/schema';

/** What a person wants, typed; compiled to objects by the intent's own folder. One line per intent. */
export const intentSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('shiftTraffic'),
    params: shiftTrafficParamsSchema,
  }),
]);
export type Intent = z.infer<typeof intentSchema>;
export type IntentType = Intent['type'];

/** Why an intent cannot be carried out: the field of its parameters, and what is allowed there. */
export interface CompileProblem {
  /** `weights[1].key`; `clusters` where a cluster's data does not suffice. */
  field: string;
  message: string;
}

/** A version's share of the requests in whole percent. */
export interface VersionWeight {
  key: string;
  percent: number;
}

/** The objects one cluster shall hold, or why that cannot be said. */
export type CompileResult =
  | {
      ok: true;
      desired: KubeObject[];
      removed: ObjectRef[];
      /** Parts of the present objects the form does not edit, in words. */
      keptAsIs: string[];
      /** "v2 from 20 to 30 %" */
      title: string;
      /**
       * Every version of the route, those without traffic too, in the route's order. Where no object
       * routes yet, the share of the ready pods, which is what the mesh spreads requests by.
       */
      weightsBefore: VersionWeight[];
      weightsAfter: VersionWeight[];
      /** Whether a routing object exists already. */
      edits: boolean;
    }
  | { ok: false; problems: CompileProblem[] };
