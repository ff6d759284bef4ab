import type { z } from 'zod';
import type { EntityMatch } from '../entity/types';
import type { KubeObject, ObjectRef } from '../resources/types';
import type { MeshSnapshot } from '../snapshot/types';
import type { TrafficObservation } from '../telemetry/types';

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

/** How a compiled intent shares out the requests of the route it is about. */
export interface CompiledShares {
  /**
   * Every version of the route, those without traffic too, in the route's order. Where no object
   * routes yet, the share of the ready pods, which is what the mesh spreads requests by.
   */
  before: VersionWeight[];
  after: VersionWeight[];
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
      /** Only of an intent that shares out requests. */
      shares?: CompiledShares;
    }
  | { ok: false; problems: CompileProblem[] };

/** What every intent's parameters hold. */
export interface IntentParams {
  clusters: string[];
}

/** Routes of the Gateway API; all of them share out by `backendRefs`. */
export type GatewayApiRouteKind =
  | 'HTTPRoute'
  | 'GRPCRoute'
  | 'TCPRoute'
  | 'TLSRoute';

/** A rule of a route object that an intent names. */
export interface RouteTarget {
  kind: 'VirtualService' | GatewayApiRouteKind;
  namespace: string;
  name: string;
  /** `http[0]`, `rules[0]` */
  fieldPath: string;
}

/** What an intent is about: all of it must belong to the component it was asked for. */
export type IntentTarget =
  | { kind: 'service'; namespace: string; name: string }
  | { kind: 'route'; route: RouteTarget }
  /** Any object, as it stands: it must concern the component and lie in a namespace of its. */
  | {
      kind: 'object';
      object: Pick<ObjectRef, 'apiVersion' | 'kind' | 'name'> & {
        namespace: string;
      };
    };

/** Requests of a version that a change shares out, 0..1. */
export interface ExpectedShare {
  key: string;
  label: string;
  before: number;
  after: number;
}

/** What can be seen of a change once it is in force. */
export interface EffectEvidence {
  /** Of the route whose shares the change alters; empty where it alters none. */
  versions: readonly ExpectedShare[];
  /** Objects that the change wrote. */
  written: readonly ObjectRef[];
  match: EntityMatch;
  /** Of the clusters written to, as they are now. */
  snapshots: readonly MeshSnapshot[];
  /** Traffic since proxies had time to get the change, of the clusters that answered. */
  observations: readonly TrafficObservation[];
  /** Traffic of the time that ended with the change; empty unless the intent compares with it. */
  earlier: readonly TrafficObservation[];
  /** Requests below which nothing is concluded. */
  minimumRequests: number;
}

/**
 * Whether traffic shows a change. `wait` says what is missing or does not fit; `impossible` says why no
 * traffic could show it, in words after "Not verifiable, because".
 */
export type TrafficVerdict =
  | { verdict: 'verified'; text: string }
  | { verdict: 'wait'; why: string }
  | { verdict: 'impossible'; why: string };

/** What `recognise` is asked about. */
export interface RecogniseOptions {
  object: KubeObject;
  /** `http[0]`, `rules[0]`; what else an intent edits, it names itself. */
  fieldPath: string;
  clusters: string[];
  domain: string;
  /** The Service it is asked for: an object that selects pods names none. */
  service?: { namespace: string; name: string };
}

/** Parameters read back from an object, or which part of it they cannot express. */
export type Recognised<TParams> =
  | { ok: true; params: TParams }
  | { ok: false; why: string };

/** What one intent does with its parameters. Everything is pure and never throws. */
export interface IntentBehaviour<TParams> {
  /** What it is about, first word of a change's title: `reviews`. */
  subject(params: TParams): string;
  /** What is asked for in a few words, when nothing was computed from it. */
  describe(params: TParams): string;
  targets(params: TParams): IntentTarget[];
  compile(options: { params: TParams; snapshot: MeshSnapshot }): CompileResult;
  /** Reads the form's parameters back out of an object, hand-written ones included. */
  recognise(options: RecogniseOptions): Recognised<TParams>;
  /** Its effect is the shares of the route it names, so these are shown where nothing changes too. */
  sharesRequests: boolean;
  /** It looks at traffic from before the change too. */
  comparesWithEarlier?: boolean;
  verify(params: TParams, evidence: EffectEvidence): TrafficVerdict;
  /** Parameters of the way back, so that a revert can be verified too; absent where nothing could show it. */
  invert?(
    params: TParams,
    versions: readonly ExpectedShare[],
  ): TParams | undefined;
}

/** An intent: its name, its parameters, and what it does with them. */
export interface IntentDefinition<
  TType extends string,
  TParams extends IntentParams,
> extends IntentBehaviour<TParams> {
  type: TType;
  params: z.ZodType<TParams, z.ZodTypeDef, unknown>;
}
