import type { Knex } from 'knex';
import {
  ENDS,
  readRecord,
  type RecordedChange,
} from '../../__testUtils__/readRecord';
import type { HistoryRun } from './History';
import { keyOf, type Effect } from './ModelCluster';

/** What the record says that is not so, or does not say that is so; empty when all is well. */
export async function checkHistory(
  knex: Knex,
  run: HistoryRun,
): Promise<string[]> {
  const violations = run.unannounced.map(
    each => `A1: ${each} came before its intent`,
  );
  for (const change of run.changes) {
    const recorded = await readRecord(knex, change.id);
    const effects = run.effects.filter(each => each.changeId === change.id);
    const found = recorded
      ? judge(recorded, effects, each => wasUntold(each, run))
      : effects.map(({ key }) => `A1: ${key} changed and nothing is recorded`);
    violations.push(...found.map(each => `${change.id}: ${each}`));
  }
  return [...violations, ...findLostMarks(run)];
}

/**
 * A write of a process that stood still until its change was closed, and that died or was cut off when
 * the write had taken effect: nobody is left who knows. The object says it, and its watch is told as of
 * any other write from outside.
 */
function wasUntold(effect: Effect, run: HistoryRun): boolean {
  const { attemptId = '' } = effect;
  const sender = run.senders.get(attemptId);
  return (
    run.overdue.has(attemptId) &&
    run.faults.some(({ replica, at }) => replica === sender && at >= effect.at)
  );
}

function judge(
  recorded: RecordedChange,
  effects: Effect[],
  isUntold: (effect: Effect) => boolean,
): string[] {
  const { state, ends, locks, operations } = recorded;
  const violations: string[] = [];
  // It waits for a person.
  if (state === 'indeterminate') {
    if (ends.length > 0) violations.push(`A2: open, and ended as ${ends}`);
  } else {
    if (!ENDS.includes(state)) violations.push(`A2: it stays ${state}`);
    if (ends.length !== 1) {
      violations.push(`A2: it ended as ${ends.join(' and ') || 'nothing'}`);
    }
  }
  if (locks > 0) violations.push('its objects stay locked');
  for (const { object, outcome } of operations) {
    const own = effects.filter(({ key }) => key === keyOf(object));
    const told = own.filter(effect => !isUntold(effect));
    // Who wrote too late, took it back and died before saying so left the object as it is recorded.
    const inForce = told.length < own.length ? own.length - 2 : own.length;
    const fits = [own.length, told.length, inForce].some(count =>
      outcomesOf(count).includes(outcome),
    );
    if (outcome !== 'unknown' && !fits) {
      violations.push(
        `A4: ${object.name} is ${outcome} after ${own.length} effects, ${told.length} of them told`,
      );
    }
  }
  return violations;
}

/** What may be recorded of an object that a change wrote so often: its write, and taking it back. */
function outcomesOf(effects: number): string[] {
  switch (effects) {
    case 0:
      return ['notSent', 'denied', 'conflict', 'failed', 'pending'];
    case 1:
      return ['applied'];
    case 2:
      return ['undone'];
    default:
      return [];
  }
}

/** What another field manager wrote stays as long as its object does, whatever the portal writes. */
function findLostMarks({ effects, objects }: HistoryRun): string[] {
  const violations: string[] = [];
  const marks = new Map<string, string[]>();
  for (const { key, mark, action } of effects) {
    if (action === 'delete') marks.delete(key);
    else if (mark) marks.set(key, [...(marks.get(key) ?? []), mark]);
  }
  for (const [key, expected] of marks) {
    const annotations = objects.get(key)?.metadata.annotations ?? {};
    for (const mark of expected) {
      if (!(mark in annotations)) violations.push(`${key} lost ${mark}`);
    }
  }
  return violations;
}
