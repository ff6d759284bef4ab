import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { z } from 'zod';
import { KIND_NAMES, kindNameOf, type KindName } from '../../resources/kinds';
import type { KubeObject } from '../../resources/types';
import type { CertificateKnowledge } from '../../mesh/certificates/types';
import { buildSnapshot } from '../../snapshot/buildSnapshot';
import type { MeshSnapshot } from '../../snapshot/types';
import type { TrafficObservation } from '../../telemetry/types';
import type { Rule } from '../types';

const ROOT = join(__dirname, '..', 'rules');

/** One world and all that the rule must say of it. */
const ruleCaseSchema = z
  .object({
    name: z.string(),
    /** Shown on the rule's page. */
    example: z.enum(['bad', 'good']).optional(),
    /** YAML documents. */
    world: z.string(),
    /** Kinds that could not be read. */
    unread: z.array(z.string()).default([]),
    /** Time of day, for rules that need it. */
    now: z.string().optional(),
    traffic: z.record(z.unknown()).optional(),
    /** What was read of Secrets, for rules on certificates. */
    certificates: z.record(z.unknown()).optional(),
    /** As written; without it, Istio's defaults are assumed. */
    meshConfig: z.record(z.unknown()).optional(),
    findings: z.array(
      z
        .object({
          object: z.string(),
          path: z.string(),
          message: z.string().optional(),
          severity: z.string().optional(),
          fix: z.string().optional(),
        })
        .strict(),
    ),
    skipped: z.string().optional(),
  })
  .strict();
export type RuleCase = z.infer<typeof ruleCaseSchema>;

/** A rule's source file, by path below `rules/`, and the cases beside it. */
export interface RuleFile {
  path: string;
  rules: Rule[];
  cases: RuleCase[];
}

/** Every file of `rules/`, tests aside. */
export function readRuleFiles(): RuleFile[] {
  return listFiles(ROOT)
    .filter(file => /\.ts$/.test(file) && !/\.(test|testdata)\.ts$/.test(file))
    .map(file => {
      const cases = join(dirname(file), `${basename(file, '.ts')}.yaml`);
      const exported = Object.values(
        jest.requireActual<Record<string, unknown>>(file),
      ).filter(isRule);
      return {
        path: file.slice(ROOT.length + 1),
        rules: exported,
        cases: exported.length > 0 ? readCases(cases) : [],
      };
    });
}

function isRule(value: unknown): value is Rule {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    'check' in value
  );
}

function readCases(file: string): RuleCase[] {
  return z
    .array(ruleCaseSchema)
    .parse(load(readFileSync(file, 'utf8'), { filename: file }));
}

/** The case's world as a snapshot; kinds without an object are empty, `unread` ones pending. */
export function snapshotOfCase(ruleCase: RuleCase): MeshSnapshot {
  const objects = Object.fromEntries(
    KIND_NAMES.filter(kind => !ruleCase.unread.includes(kind)).map(kind => [
      kind,
      [] as KubeObject[],
    ]),
  ) as Partial<Record<KindName, KubeObject[]>>;
  for (const document of loadAll(ruleCase.world) as KubeObject[]) {
    const kind = kindNameOf(document);
    if (!kind) {
      throw new Error(`${ruleCase.name}: ${document.kind} is not in KINDS`);
    }
    (objects[kind] ??= []).push(document);
  }
  const { meshConfig } = ruleCase;
  return buildSnapshot({
    cluster: 'test',
    asOf: 0,
    objects,
    ...(meshConfig && { meshConfig }),
  });
}

/** What the rule may look at in this case. */
export function contextOfCase(ruleCase: RuleCase) {
  return {
    snapshot: snapshotOfCase(ruleCase),
    ...(ruleCase.now === undefined ? {} : { now: Date.parse(ruleCase.now) }),
    ...(ruleCase.traffic === undefined
      ? {}
      : { traffic: ruleCase.traffic as unknown as TrafficObservation }),
    ...(ruleCase.certificates === undefined
      ? {}
      : { certificates: ruleCase.certificates as CertificateKnowledge }),
  };
}

/**
 * The snapshot with a note of every kind that is asked for: what a rule declares must be what it reads.
 */
export function recordReads(snapshot: MeshSnapshot): {
  snapshot: MeshSnapshot;
  reads: Set<KindName>;
} {
  const reads = new Set<KindName>();
  const derived: Record<string, readonly KindName[]> = {
    podsOf: ['Pod'],
    podsMatching: ['Pod'],
    workloadsMatching: ['Deployment'],
    findWorkloads: ['Deployment'],
    workload: ['Deployment'],
    servicesOf: ['Service'],
  };
  const recording = new Proxy(snapshot, {
    get(target, property) {
      const value = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const name = String(property);
        if (['list', 'inNamespace', 'get'].includes(name)) {
          reads.add(args[0] as KindName);
        }
        derived[name]?.forEach(kind => reads.add(kind));
        return value.apply(target, args);
      };
    },
  });
  return { snapshot: recording, reads };
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}
