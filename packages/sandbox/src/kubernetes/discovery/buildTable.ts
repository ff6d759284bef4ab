import type { IncomingMessage } from 'node:http';
import type { ServedResource } from '../resources/ResourceRegistry';
import type { PrinterColumn } from '../resources/resourceType';
import type { KubeObject } from '../types';
import { isObject, type JsonObject } from '../json';

/** Whether the client (kubectl get) asked for rows instead of objects. */
export function wantsTable(request: IncomingMessage): boolean {
  return /as=Table/.test(String(request.headers.accept ?? ''));
}

/** Plain paths, `[*]`, an index and the one filter form that the CRDs use: `[?(@.type=="X")]`. */
function readJsonPath(value: unknown, path: string): unknown[] {
  const steps = path.match(/\.[A-Za-z_][\w-]*|\[[^\]]*\]/g) ?? [];
  return steps.reduce<unknown[]>(
    (values, step) => {
      if (step.startsWith('.')) {
        const name = step.slice(1);
        return values.flatMap(item =>
          isObject(item) && item[name] !== undefined ? [item[name]] : [],
        );
      }
      return values.flatMap(item =>
        Array.isArray(item) ? pickItems(item, step) : [],
      );
    },
    [value],
  );
}

function pickItems(list: unknown[], step: string): unknown[] {
  const inside = step.slice(1, -1);
  const filter = /^\?\(@\.(\w+)\s*==\s*["']([^"']*)["']\)$/.exec(inside);
  if (filter) {
    return list.filter(item => isObject(item) && item[filter[1]] === filter[2]);
  }
  return inside === '*' ? list : list.slice(Number(inside), Number(inside) + 1);
}

const DAY = 86_400;

/** How kubectl prints ages: unit, the smaller unit beside it, and up to which age. */
const AGES: [number, string, [number, string] | undefined, number][] = [
  [1, 's', undefined, 120],
  [60, 'm', [1, 's'], 600],
  [60, 'm', undefined, 3 * 3600],
  [3600, 'h', [60, 'm'], 8 * 3600],
  [3600, 'h', undefined, 2 * DAY],
  [DAY, 'd', [3600, 'h'], 8 * DAY],
  [DAY, 'd', undefined, 2 * 365 * DAY],
  [365 * DAY, 'y', undefined, Infinity],
];

function age(timestamp: unknown, now: number): string {
  const seconds = Math.max(
    0,
    Math.floor((now - Date.parse(String(timestamp))) / 1000),
  );
  if (Number.isNaN(seconds)) {
    return '<unknown>';
  }
  const [size, unit, rest] = AGES.find(([, , , until]) => seconds < until)!;
  const whole = Math.floor(seconds / size);
  const left = rest ? Math.floor((seconds % size) / rest[0]) : 0;
  return `${whole}${unit}${left > 0 && rest ? `${left}${rest[1]}` : ''}`;
}

function cell(object: KubeObject, column: PrinterColumn, now: number): unknown {
  const values = readJsonPath(object, column.jsonPath);
  if (values.length === 0) {
    return column.type === 'integer' ? 0 : '';
  }
  if (column.type === 'date') {
    return age(values[0], now);
  }
  const [first] = values;
  if (values.length === 1 && typeof first !== 'object') {
    return column.type === 'string' ? String(first) : first;
  }
  return values.length === 1 ? JSON.stringify(first) : values.join(',');
}

/** The rows of `kubectl get`: name, then the kind's printer columns. */
export function buildTable(
  objects: KubeObject[],
  resource: ServedResource,
  options: { now: number; metadata: JsonObject },
): JsonObject {
  const own = resource.version.columns;
  const columns: PrinterColumn[] = own.some(column => column.name === 'Age')
    ? own
    : [
        ...own,
        { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
      ];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.metadata,
    columnDefinitions: [
      {
        name: 'Name',
        type: 'string',
        format: 'name',
        description: '',
        priority: 0,
      },
      ...columns.map(column => ({
        name: column.name,
        type: column.type,
        format: column.format ?? '',
        description: '',
        priority: column.priority ?? 0,
      })),
    ],
    rows: objects.map(object => ({
      cells: [
        object.metadata.name,
        ...columns.map(column => cell(object, column, options.now)),
      ],
      object: {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: object.metadata,
      },
    })),
  };
}
