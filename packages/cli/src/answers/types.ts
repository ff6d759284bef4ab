import { MeshSnapshot } from '@istio-backstage/plugin-istio-common';
import { CommandOptions } from '../arguments/options';

/** An answer to one question, as JSON and in words. */
export interface Answer {
  /** The documented shape. */
  json: Readonly<Record<string, unknown>>;
  text: string;
  /** Denied or refused: the exit code is 1. */
  bad: boolean;
}

/** Answers one kind of question; throws `BadInput` for a question that cannot be asked. */
export type Answerer = (
  snapshot: MeshSnapshot,
  values: CommandOptions['values'],
) => Answer;
