import { readPath } from '../store/readPath';
import { isObject, type JsonObject } from '../json';
import type { RecordedAnswer, Step, View } from './types';

/** Tokens of the run, the same on both servers. */
const TOKENS: Record<string, string> = {
  admin: 'sandbox-admin',
  portal: 'sandbox-portal',
  viewer: 'sandbox-vera',
  stranger: 'not-a-token',
};

const CHANGING = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'time',
  'continue',
  'remainingItemCount',
  'clusterIP',
  'clusterIPs',
]);

/** Replaces what differs from run to run and sorts keys. */
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(normalise);
  }
  if (isObject(value)) {
    const result: JsonObject = {};
    for (const key of Object.keys(value).sort()) {
      const isOwnershipOrMessage = isObject(value[key]);
      result[key] =
        CHANGING.has(key) && !isOwnershipOrMessage
          ? '*'
          : normalise(value[key]);
    }
    return result;
  }
  return typeof value === 'string'
    ? value
        .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'UID')
        .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME')
        .replace(/version: \d+ \(\d+\)/, 'version: N (M)')
        .replace(/current: \d+/, 'current: N')
        .replace(/in record \(\d+\)/, 'in record (N)')
    : value;
}

function parseAnswer(text: string, isWatch: boolean): unknown {
  try {
    return isWatch
      ? text
          .split('\n')
          .filter(Boolean)
          .map(line => JSON.parse(line))
      : JSON.parse(text);
  } catch {
    return text;
  }
}

function nameOf(object: unknown): unknown {
  return readPath(object, ['metadata', 'name']);
}

function viewOf(body: unknown, view: View): unknown {
  if (view === 'names' && isObject(body) && Array.isArray(body.items)) {
    return body.items.map(nameOf);
  }
  if (view === 'events' && Array.isArray(body)) {
    return body.map(event => [
      event.type,
      nameOf(event.object) ?? null,
      normalise(readPath(event.object, ['message']) ?? null),
      readPath(event.object, ['metadata', 'annotations']) ?? null,
    ]);
  }
  if (view === 'kind' && isObject(body) && body.kind !== 'Status') {
    return body.kind ?? Object.keys(body).sort();
  }
  return normalise(body);
}

/** Sends the steps one after the other and returns what is compared of each answer. */
export async function runSteps(
  url: string,
  steps: Step[],
): Promise<RecordedAnswer[]> {
  const captured = new Map<string, string>();
  const fill = (text: string) =>
    text.replace(/\$(\w+)/g, (whole, name) => captured.get(name) ?? whole);
  const answers: RecordedAnswer[] = [];
  for (const step of steps) {
    const answer = await send(url, step, fill);
    for (const [name, path] of Object.entries(step.capture ?? {})) {
      captured.set(name, String(readPath(answer.body, path.split('.'))));
    }
    if (!step.silent) {
      answers.push({
        label: step.label,
        status: answer.status,
        ...(answer.warning ? { warning: answer.warning } : {}),
        body: viewOf(answer.body, step.view ?? 'all'),
      });
    }
  }
  return answers;
}

async function send(
  url: string,
  step: Step,
  fill: (text: string) => string,
): Promise<{ status: number; warning?: string; body: unknown }> {
  const { as = 'admin', contentType = 'application/json' } = step;
  const text =
    typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
  const response = await fetch(url + fill(step.path), {
    method: step.method,
    headers: {
      ...(TOKENS[as] ? { Authorization: `Bearer ${TOKENS[as]}` } : {}),
      ...(text === undefined ? {} : { 'Content-Type': contentType }),
      'User-Agent': 'conformance/1.0',
      ...step.headers,
    },
    body: text === undefined ? undefined : fill(text),
  });
  const isWatch = /[?&]watch=/.test(step.path) && response.ok;
  return {
    status: response.status,
    warning: response.headers.get('warning') ?? undefined,
    body: parseAnswer(await response.text(), isWatch),
  };
}
