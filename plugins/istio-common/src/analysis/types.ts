import { z } from 'zod';
import type { KindName } from '../resources/kinds';
import type { KubeObject } from '../resources/types';
import type { CertificateKnowledge } from '../mesh/certificates/types';
import type { MeshSnapshot } from '../snapshot/types';
import type { TrafficObservation } from '../telemetry/types';

export const severitySchema = z.enum(['error', 'warning', 'info']);
export type Severity = z.infer<typeof severitySchema>;

/** A way to mend a finding, as RFC 6902 operations on its object. A proposal: nothing applies it by itself. */
export const findingFixSchema = z.object({
  /** What it does, in the imperative: `Remove the subset v4 from the route`. */
  title: z.string(),
  patch: z.array(
    z.object({
      op: z.enum(['add', 'remove', 'replace']),
      path: z.string(),
      value: z.unknown().optional(),
    }),
  ),
});
export type FindingFix = z.infer<typeof findingFixSchema>;

/** One thing the analysis found; the shape `istio-portal analyze --output json` prints. */
export const meshFindingSchema = z.object({
  /** Stable: `ISB0101`. */
  code: z.string(),
  severity: severitySchema,
  message: z.string(),
  object: z.object({
    apiVersion: z.string(),
    kind: z.string(),
    namespace: z.string().optional(),
    name: z.string(),
  }),
  /** Field of the object, `spec.http[0].route[1].destination.subset`; empty for the object as a whole. */
  path: z.string(),
  /** What istioctl (`IST0101`) and Kiali (`KIA0701`) call it. */
  equivalents: z.array(z.string()),
  fix: findingFixSchema.optional(),
});
export type MeshFinding = z.infer<typeof meshFindingSchema>;

/** What a rule says of one place; the engine adds code, object and equivalents. */
export interface RuleFinding {
  message: string;
  path: string;
  /** Where it differs from the rule's own. */
  severity?: Severity;
  fix?: FindingFix;
}

/** What a rule may look at beside its subject. */
export interface RuleContext {
  snapshot: MeshSnapshot;
  /** Observed traffic of the snapshot's cluster; only for rules that need `traffic`. */
  traffic?: TrafficObservation;
  /** Epoch milliseconds; only for rules that need `clock`. */
  now?: number;
  /** What was read of Secrets of gateways, and from when an end is near; used by rules that need `clock`. */
  certificates?: CertificateKnowledge;
}

/**
 * What a changed object of a kind the rule reads can affect: its own findings only, those of subjects in
 * its namespace (an object of the root namespace: everyone's), those of subjects that are about one of the
 * hosts it is about (a pod: the hosts of the services that select it; a wildcard: everyone's), or anybody's.
 */
export type RuleReach = 'object' | 'namespace' | 'host' | 'mesh';

/** One rule of the analysis: a file with its YAML cases beside it, and a line in the list of rules. */
export interface Rule {
  /** Never reused, never renumbered. */
  code: `ISB${number}`;
  /** `virtual-service-unknown-gateway`, also the name of its case file and page. */
  name: string;
  /** What is wrong, as a sentence without names: the title of its page. */
  title: string;
  severity: Severity;
  /** What happens in the mesh because of it. Source of the behaviour, where it is Istio's. */
  explanation: string;
  /** What to do about it. */
  remedy: string;
  equivalents: readonly string[];
  /** Kinds of the objects it judges one by one. */
  subjects: readonly KindName[];
  /** Further kinds it reads; where one of them could not be read the rule is skipped, never guessed. */
  inputs: readonly KindName[];
  reach: RuleReach;
  /**
   * Kinds whose objects reach less far than `reach`: subjects that are not compared with each other reach
   * themselves only.
   */
  reachOf?: Readonly<Partial<Record<KindName, RuleReach>>>;
  /**
   * What it cannot do without: observed traffic, the time of day, or any workload at all among the objects.
   * Files that hold only routes say nothing about what a selector finds.
   */
  needs?: readonly ('traffic' | 'clock' | 'workloads')[];
  /** Pure, total: never throws, whatever the API server would store. */
  check(subject: KubeObject, context: RuleContext): readonly RuleFinding[];
}

/** A rule that could not be asked, and why. Its silence means nothing. */
export interface SkippedRule {
  code: string;
  name: string;
  /** `Service was not read: forbidden` */
  reason: string;
}

/** The outcome of an analysis, findings in a stable order. */
export interface AnalysisResult {
  findings: readonly MeshFinding[];
  skipped: readonly SkippedRule[];
}
