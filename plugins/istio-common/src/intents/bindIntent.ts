import type { MeshSnapshot } from '../snapshot/types';
import type { Intent, IntentParamsOf, IntentType } from './intent';
import { INTENTS } from './list';
import type {
  CompileResult,
  EffectEvidence,
  ExpectedShare,
  IntentBehaviour,
  IntentTarget,
  TrafficVerdict,
} from './types';

/** One intent with its parameters filled in. */
export interface BoundIntent {
  subject: string;
  description: string;
  targets: IntentTarget[];
  sharesRequests: boolean;
  comparesWithEarlier: boolean;
  /**
   * The objects ONE cluster shall hold so that the intent is fulfilled there, or the problems that
   * stand in the way, each with its field and what is allowed.
   */
  compile(snapshot: MeshSnapshot): CompileResult;
  verify(evidence: EffectEvidence): TrafficVerdict;
  /** The intent that leads back; undefined where nothing could show that it is so again. */
  invert(versions: readonly ExpectedShare[]): Intent | undefined;
}

/** What an intent's own folder says of it. */
export function bindIntent(intent: Intent): BoundIntent {
  const { type, params } = intent;
  const behaviour = behaviourOf(type) as IntentBehaviour<Intent['params']>;
  return {
    subject: behaviour.subject(params),
    description: behaviour.describe(params),
    targets: behaviour.targets(params),
    sharesRequests: behaviour.sharesRequests,
    comparesWithEarlier: behaviour.comparesWithEarlier ?? false,
    compile: snapshot => behaviour.compile({ params, snapshot }),
    verify: evidence => behaviour.verify(params, evidence),
    invert: versions => {
      const back = behaviour.invert?.(params, versions);
      return back && ({ ...intent, params: back } as Intent);
    },
  };
}

/** The behaviour of one kind of intent, e.g. to read its parameters out of an object. */
export function behaviourOf<TType extends IntentType>(
  type: TType,
): IntentBehaviour<IntentParamsOf<TType>> {
  // The list is the source of both types, so a name always finds its own.
  return INTENTS.find(each => each.type === type) as unknown as IntentBehaviour<
    IntentParamsOf<TType>
  >;
}
