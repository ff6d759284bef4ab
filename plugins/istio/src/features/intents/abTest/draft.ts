import type {
  AbTestParams,
  AudienceCondition,
  AudienceKind,
} from '@istio-backstage/plugin-istio-common';

export type ConditionOp = 'exact' | 'prefix' | 'regex' | 'present';

/** One condition as it stands in the form. */
export interface ConditionDraft {
  /** Tells it from the others while it is typed. */
  id: string;
  by: AudienceKind;
  name: string;
  op: ConditionOp;
  /** Of a caller's labels: `app=catalog, version=v2`. */
  value: string;
}

/** One group of people and its version. */
export interface ArmDraft {
  id: string;
  who: ConditionDraft[][];
  version: string;
}

/** What stands in the form. */
export interface TestDraft {
  arms: ArmDraft[];
  /** Empty: as the route shares requests out. */
  everybodyElse: string;
  isSticky: boolean;
  cookie: string;
  days: string;
}

/** The kinds of conditions in the order of the form, with what may be asked. */
export const CONDITION_KINDS: Record<
  AudienceKind,
  { label: string; name?: string; value: string; ops: ConditionOp[] }
> = {
  header: {
    label: 'Header',
    name: 'x-beta',
    value: 'yes',
    ops: ['exact', 'prefix', 'regex', 'present'],
  },
  cookie: { label: 'Cookie', name: 'group', value: 'b', ops: ['exact'] },
  query: {
    label: 'Query parameter',
    name: 'variant',
    value: 'b',
    ops: ['exact', 'regex'],
  },
  path: {
    label: 'Path',
    value: '/new',
    ops: ['prefix', 'exact', 'regex'],
  },
  claim: {
    label: 'User (token claim)',
    name: 'group',
    value: 'beta',
    ops: ['exact'],
  },
  sourceNamespace: {
    label: 'Caller’s namespace',
    value: 'qa',
    ops: ['exact'],
  },
  sourceWorkload: {
    label: 'Caller’s labels',
    value: 'app=catalog',
    ops: ['exact'],
  },
};

export const OP_WORDS: Record<ConditionOp, string> = {
  exact: 'is',
  prefix: 'starts with',
  regex: 'matches',
  present: 'is there',
};

export const DAY = 86_400;

/** A condition of the usual kind, to begin with. */
export function emptyCondition(id: string): ConditionDraft {
  return { id, by: 'header', name: '', op: 'exact', value: '' };
}

/** An id that nothing in the form has. */
export function freeId({ arms }: TestDraft): string {
  const taken = arms.flatMap(({ id, who }) => [
    Number(id),
    ...who.flat().map(each => Number(each.id)),
  ]);
  return String(Math.max(0, ...taken) + 1);
}

/** What the form says, without what only tells its parts from each other. */
export function contentOf(draft: TestDraft): string {
  return JSON.stringify(draft, (name, value) =>
    name === 'id' ? undefined : value,
  );
}

function readCondition(
  condition: AudienceCondition,
): Omit<ConditionDraft, 'id'> {
  const { by } = condition;
  switch (condition.by) {
    case 'sourceNamespace':
      return { by, name: '', op: 'exact', value: condition.namespace };
    case 'sourceWorkload':
      return {
        by,
        name: '',
        op: 'exact',
        value: Object.entries(condition.labels)
          .map(pair => pair.join('='))
          .join(', '),
      };
    default:
      return {
        by,
        name: 'name' in condition ? condition.name : '',
        op: 'op' in condition ? condition.op : 'exact',
        value: condition.value ?? '',
      };
  }
}

/** The form that says the same. */
export function draftOf(
  params: Pick<AbTestParams, 'arms' | 'everybodyElse' | 'sticky'>,
): TestDraft {
  const { arms, everybodyElse = '', sticky } = params;
  let last = 0;
  const nextId = () => {
    last += 1;
    return String(last);
  };
  return {
    arms: arms.map(({ who, version }) => ({
      id: nextId(),
      version,
      who: who.map(alternative =>
        alternative.map(condition => ({
          id: nextId(),
          ...readCondition(condition),
        })),
      ),
    })),
    everybodyElse,
    isSticky: sticky !== undefined,
    cookie: sticky?.cookie ?? 'ab-version',
    days: String((sticky?.maxAge ?? 30 * DAY) / DAY),
  };
}

/** `app=catalog, version=v2` as labels. */
function readLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== '')
      .map(part => {
        const [name, ...value] = part.split('=');
        return [name.trim(), value.join('=').trim()];
      }),
  );
}

/** As the contract names it; what is wrong with it the contract says. */
export function conditionOf(draft: ConditionDraft): object {
  const { by, op } = draft;
  const name = draft.name.trim();
  const value = draft.value.trim();
  switch (by) {
    case 'sourceNamespace':
      return { by, namespace: value };
    case 'sourceWorkload':
      return { by, labels: readLabels(value) };
    case 'path':
      return { by, op, value };
    case 'header':
      return op === 'present' ? { by, name, op } : { by, name, op, value };
    case 'query':
      return { by, name, op, value };
    default:
      return { by, name, value };
  }
}
