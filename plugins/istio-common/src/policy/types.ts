import type { ChangePreview, GuardrailVerdict, Plan } from '../changes/types';
import type { EntityMatch } from '../entity/types';
import type { Intent } from '../intents/intent';
import type { MeshSnapshot } from '../snapshot/types';
import type { GuardrailSettings } from './settings';

/** Who asks for a change. */
export interface PolicyRequester {
  entityRef: string;
  /** Entity refs of the groups the person acts for. */
  groups: readonly string[];
}

/** Everything a policy may look at. */
export interface PolicyInput {
  plan: Plan;
  /** Absent for a revert, and for objects out of files. */
  intent?: Intent;
  /** What the component owns, per cluster. */
  match: EntityMatch;
  /**
   * Namespaces that count as a whole: where files are judged for a team instead of a component, every
   * Service of the team's namespaces is its own.
   */
  teamNamespaces?: readonly string[];
  /** The clusters as they are before the change. */
  snapshots: MeshSnapshot[];
  /** Callers carry `ownerRef` and `yours` where the shell found them. */
  assessment: Pick<ChangePreview, 'versions' | 'callers' | 'observedSeconds'> &
    Partial<Pick<ChangePreview, 'findings'>>;
  /** Absent: nobody known, so nothing that only the platform may do passes. */
  requester?: PolicyRequester;
  /** ISO time at which the change is taken back by itself. */
  expiresAt?: string;
  settings: GuardrailSettings;
}

/**
 * One guardrail. It says at least one thing about every plan that is its business, so that what was checked
 * can be read, and nothing about others.
 */
export interface Policy {
  id: string;
  /** What it holds to, as a sentence. */
  description: string;
  /** Counts up whenever the same plan may be judged differently. */
  version: number;
  /** Configuration cannot turn a denial of it into a warning. */
  alwaysEnforced?: true;
  evaluate(input: PolicyInput): GuardrailVerdict[];
}
