import {
  describeObject,
  KubeObject,
  validateObject,
} from '@istio-backstage/plugin-istio-common';
import { CommandOptions } from '../arguments/options';
import { choiceFlag } from '../arguments/readFlags';
import { JSON_VERSION, JsonObject, toJsonObject } from '../answers/toJson';
import { loadObjects } from '../input/loadMesh';
import { ExitCode, Terminal } from '../types';

interface Verdict {
  object: JsonObject;
  valid: boolean;
  errors: string[];
  warnings: string[];
}

/** What istiod's webhook or, of Gateway API, the API server would say to each object; other kinds are listed apart. */
export function validate(
  options: CommandOptions,
  terminal: Terminal,
): ExitCode {
  const output = choiceFlag(options.values, 'output', ['text', 'json']);
  const { objects } = loadObjects(options, terminal);
  const judged = objects.map(object => ({
    object,
    result: validateObject(object),
  }));
  const verdicts = judged
    .filter(({ result }) => result.judged)
    .map(({ object, result }): Verdict => {
      const { errors, warnings } = result;
      return {
        object: named(object),
        valid: errors.length === 0,
        errors,
        warnings,
      };
    });
  const notJudged = judged
    .filter(({ result }) => !result.judged)
    .map(({ object }) => object);
  terminal.out(
    output === 'json'
      ? `${JSON.stringify(
          {
            version: JSON_VERSION,
            validation: verdicts,
            notJudged: notJudged.map(named),
          },
          null,
          2,
        )}\n`
      : describe(verdicts, notJudged),
  );
  return verdicts.every(({ valid }) => valid) ? 0 : 1;
}

function named({ apiVersion, kind, metadata }: KubeObject): JsonObject {
  const { namespace, name } = metadata;
  return toJsonObject({ cluster: '', apiVersion, kind, namespace, name });
}

function describe(
  verdicts: readonly Verdict[],
  notJudged: readonly KubeObject[],
): string {
  const lines = verdicts
    .filter(({ errors, warnings }) => errors.length + warnings.length > 0)
    .flatMap(({ object, errors, warnings }) => [
      describeObject({ cluster: '', ...object }),
      ...errors.map(error => `  error: ${error}`),
      ...warnings.map(warning => `  warning: ${warning}`),
    ]);
  const invalid = verdicts.filter(({ valid }) => !valid).length;
  const kinds = [...new Set(notJudged.map(({ kind }) => kind))].sort();
  return [
    ...lines,
    `${verdicts.length} judged, ${invalid} invalid`,
    ...(kinds.length > 0 ? [`not judged: ${kinds.join(', ')}`] : []),
    '',
  ].join('\n');
}
