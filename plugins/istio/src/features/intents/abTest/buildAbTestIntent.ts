import {
  abTestParamsSchema,
  type IntentOf,
  type ServiceMatch,
  type TrafficRoute,
} from '@istio-backstage/plugin-istio-common';
import { resolveRouteService, routeParam } from '../routeTarget';
import { CONDITION_KINDS, conditionOf, DAY, type TestDraft } from './draft';

/** The intent of what stands in the form, or what is wrong where. */
export type AbTestIntentResult =
  | { ok: true; intent: IntentOf<'abTest'> }
  | {
      ok: false;
      /** By place: `arms.0.who.0.1`, `arms.0.version`, `sticky.cookie`. */
      problems: Record<string, string>;
      text: string;
    };

/** The part of a path that the form has a place for. */
const PLACE = /^(arms\.\d+\.(?:who\.\d+\.\d+|version)|sticky\.\w+)/;

/** "Group A" */
export function presentGroup(index: number): string {
  return `Group ${String.fromCharCode(65 + index)}`;
}

/** Checks the form by the contract's own rules. */
export function buildAbTestIntent(options: {
  route: TrafficRoute;
  services: ServiceMatch[];
  clusters: string[];
  draft: TestDraft;
}): AbTestIntentResult {
  const { route, services, clusters, draft } = options;
  const target = resolveRouteService(route, services);
  const parsed = abTestParamsSchema.safeParse({
    clusters,
    ...target,
    route: routeParam(route),
    arms: draft.arms.map(({ who, version }) => ({
      version,
      who: who.map(alternative => alternative.map(conditionOf)),
    })),
    otherArms: 'end',
    ...(draft.everybodyElse && { everybodyElse: draft.everybodyElse }),
    ...(draft.isSticky && {
      sticky: {
        cookie: draft.cookie.trim(),
        maxAge: Math.round(Number(draft.days) * DAY),
      },
    }),
  });
  if (parsed.success) {
    return { ok: true, intent: { type: 'abTest', params: parsed.data } };
  }
  const problems: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) {
    const place = PLACE.exec(path.join('.'))?.[1];
    if (place && !problems[place]) {
      problems[place] = `${fieldWords(path, draft)} ${message}.`;
    }
  }
  const [first] = Object.entries(problems);
  const [{ path, message }] = parsed.error.issues;
  const elsewhere = target
    ? `${path.join('.')} ${message}.`
    : `Host ${route.host} is no Service of this component.`;
  return {
    ok: false,
    problems,
    text: first ? presentPlace(first[0], first[1]) : elsewhere,
  };
}

/** The field in the words of the form. */
function fieldWords(path: (string | number)[], draft: TestDraft): string {
  const [section, arm, , alternative, at] = path;
  if (section === 'sticky') {
    return path[1] === 'cookie' ? 'Cookie' : 'Days';
  }
  if (path[2] === 'version') {
    return 'Version';
  }
  const condition =
    draft.arms[Number(arm)]?.who[Number(alternative)]?.[Number(at)];
  const { label } = CONDITION_KINDS[condition?.by ?? 'header'];
  const last = path.at(-1);
  return last === 'name' || last === 'value' ? `${label}: the ${last}` : label;
}

function presentPlace(place: string, text: string): string {
  const [section, arm] = place.split('.');
  return section === 'arms' ? `${presentGroup(Number(arm))}: ${text}` : text;
}
