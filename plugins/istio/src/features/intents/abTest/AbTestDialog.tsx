import { useMemo, useState, type ReactNode } from 'react';
import { Button } from '@backstage/ui';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { ErrorNote, LinesSkeleton } from '../../../components';
import { useObject } from '../../../data/useFindingQueries';
import {
  ChangeDialog,
  ChangeDialogLayout,
} from '../../changes/dialog/ChangeDialog';
import { IntentLayout, NothingToChange } from '../IntentLayout';
import { RouteFacts } from '../RouteFacts';
import { RouteSelect } from '../RouteSelect';
import {
  presentRouteObject,
  resolveInitialRoute,
  resolveRouteOptions,
  type RouteOption,
} from '../resolveRouteOptions';
import { silentClusters } from '../silentClusters';
import type { IntentDialogProps } from '../types';
import { useIntentChange } from '../useIntentChange';
import { AbTestFields } from './AbTestFields';
import type { TestDraft } from './draft';
import { canTest, readToday, useAbTestForm } from './useAbTestForm';

const TITLE = 'A/B test';

interface TestOfRoute extends IntentDialogProps {
  options: RouteOption[];
  option: RouteOption;
  selectRoute: (id: string) => void;
}

function TestForm(props: TestOfRoute & { today: TestDraft }) {
  const { entityRef, mesh, options, option, selectRoute, onClose } = props;
  const form = useAbTestForm(props);
  const { route, clusters } = form;
  const change = useIntentChange(entityRef, {
    ...form,
    subject: JSON.stringify([option.id, clusters]),
    revision: JSON.stringify(form.today),
  });
  const { services } = mesh.match;
  return (
    <IntentLayout
      title={TITLE}
      entityRef={entityRef}
      facts={<RouteFacts {...{ entityRef, route, services, clusters }} />}
      form={
        <>
          <RouteSelect
            options={options}
            chosen={option.id}
            onChange={selectRoute}
          />
          <AbTestFields form={form} />
        </>
      }
      why={{ value: form.why, onChange: form.setWhy }}
      change={change}
      object={route.object && { ref: route.object, fieldPath: route.fieldPath }}
      kept={[]}
      hint="Add a group to see what it would do."
      onClose={onClose}
    />
  );
}

function Nothing(props: IntentDialogProps & { reasons: string[] }) {
  const { entityRef, reasons, onClose } = props;
  return (
    <NothingToChange
      title={TITLE}
      facts={<RouteFacts entityRef={entityRef} clusters={[]} />}
      lead="No route of this component can be tested on here."
      reasons={reasons}
      onClose={onClose}
    />
  );
}

/** Reads the test that stands in the route's object, in the first cluster that answers. */
function TestOfObject(props: TestOfRoute) {
  const { mesh, option, onClose } = props;
  const [route] = option.routes;
  const { object } = route;
  const silent = silentClusters(mesh);
  const cluster =
    option.clusters.find(name => !silent.includes(name)) ?? option.clusters[0];
  const { data, error, refetch } = useObject({
    cluster,
    apiVersion: object?.apiVersion ?? '',
    kind: object?.kind ?? '',
    namespace: object?.namespace,
    name: object?.name ?? '',
  });
  // The first answer: what is typed must not be measured by another one.
  const [first, setFirst] = useState<KubeObject>();
  if (data && !first) setFirst(data.object as unknown as KubeObject);
  if (first) {
    return <TestOfToday {...props} object={first} />;
  }
  return (
    <ChangeDialogLayout
      title={TITLE}
      left={
        error ? (
          <ErrorNote
            what="Today’s groups"
            error={error}
            onRetry={() => refetch()}
          />
        ) : (
          <LinesSkeleton lines={12} label="Reading today’s groups" />
        )
      }
      footer={
        <Button variant="secondary" onPress={onClose}>
          Cancel
        </Button>
      }
    />
  );
}

function TestOfToday(props: TestOfRoute & { object?: KubeObject }): ReactNode {
  const { option, object } = props;
  const [route] = option.routes;
  const today = useMemo(() => readToday(route, object), [route, object]);
  return 'why' in today ? (
    <Nothing
      {...props}
      reasons={[`${presentRouteObject(route)}: ${today.why}`]}
    />
  ) : (
    <TestForm {...props} today={today.draft} />
  );
}

/** Sends groups of people to versions of their own. */
export function AbTestDialog(props: IntentDialogProps) {
  const { mesh, start, onClose } = props;
  const { split } = mesh;
  const options = useMemo(
    () => (split ? resolveRouteOptions(split, canTest) : []),
    [split],
  );
  const [routeId, setRouteId] = useState(
    () => split && resolveInitialRoute(options, split, start.routeId)?.id,
  );
  // The route that a form was opened on stays, also when the applied change moves it.
  const [opened, setOpened] = useState<RouteOption>();
  const found = options.find(({ id }) => id === routeId);
  if (found && found.id !== opened?.id) setOpened(found);
  const option = opened?.id === routeId ? opened : found;
  const chosen = { ...props, options, selectRoute: setRouteId };
  return (
    <ChangeDialog isOpen onClose={onClose}>
      {!option && (
        <Nothing
          {...props}
          reasons={(split?.routes ?? []).map(
            route =>
              `${presentRouteObject(
                route,
              )}: only rules of HTTP that send requests on can tell people apart`,
          )}
        />
      )}
      {option?.routes[0].object && (
        <TestOfObject key={option.id} {...chosen} option={option} />
      )}
      {option && !option.routes[0].object && (
        <TestOfToday key={option.id} {...chosen} option={option} />
      )}
    </ChangeDialog>
  );
}
