import { useState } from 'react';
import type {
  ComponentSecurity,
  KubeObject,
  ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import { useObject } from '../../../data';
import dialog from '../../changes/dialog/dialog.module.css';
import { IntentLayout, NothingToChange } from '../IntentLayout';
import { DialogWaiting } from '../QueryDialog';
import { SecurityDialog } from '../SecurityDialog';
import { serviceChoice } from '../serviceChoice';
import { ServiceFacts, ServiceSelect } from '../ServiceFacts';
import type { IntentDialogProps } from '../types';
import { useIntentChange } from '../useIntentChange';
import { CallersFields } from './CallersFields';
import { editablePolicies } from './observed';
import { PolicySelect } from './PolicySelect';
import {
  firstPolicy,
  useCallersForm,
  type PolicyChoice,
} from './useCallersForm';

const TITLE = 'Who may call';
/** Who calls rarely should be among those to choose from. */
const CALLERS_OF = '1h';

type SecureProps = IntentDialogProps & { security: ComponentSecurity };

/** What is edited: the Service, and which of its policies. */
interface Subject {
  host: string;
  policy: PolicyChoice;
  setHost: (host: string) => void;
  setPolicy: (policy: PolicyChoice) => void;
}

function CallersContent(
  props: SecureProps & {
    subject: Subject;
    found?: { ref: ObjectRef; object: KubeObject };
  },
) {
  const { entityRef, mesh, security, subject, found, onClose } = props;
  const { host, policy } = subject;
  const form = useCallersForm({
    ...props,
    host,
    policy,
    object: found?.object,
  });
  const change = useIntentChange(entityRef, {
    ...form,
    subject: JSON.stringify([host, policy, form.clusters]),
    revision: JSON.stringify(form.today),
  });
  return (
    <IntentLayout
      title={TITLE}
      entityRef={entityRef}
      facts={
        <ServiceFacts
          entityRef={entityRef}
          host={host}
          clusters={form.clusters}
        />
      }
      form={
        <section className={dialog.fields} aria-label={TITLE}>
          <ServiceSelect
            hosts={serviceChoice(mesh, host).hosts}
            host={host}
            onChange={subject.setHost}
          />
          <PolicySelect
            policies={editablePolicies(
              security.access,
              form.service?.namespace,
            )}
            value={policy}
            onChange={subject.setPolicy}
          />
          <CallersFields form={form} allows={policy.action === 'ALLOW'} />
        </section>
      }
      why={{ value: form.why, onChange: form.setWhy }}
      change={change}
      object={found && { ref: found.ref }}
      kept={[]}
      hint="Pick or remove a caller to see who would be refused."
      onClose={onClose}
    />
  );
}

/** The policy is read first: the form begins with its rules. */
function WithPolicy(
  props: SecureProps & { subject: Subject; objectRef: ObjectRef },
) {
  const { objectRef, ...rest } = props;
  const { data, error, refetch } = useObject(objectRef);
  return data ? (
    <CallersContent
      {...rest}
      found={{ ref: objectRef, object: data.object as unknown as KubeObject }}
    />
  ) : (
    <DialogWaiting
      title={TITLE}
      what="The policy"
      error={error}
      refetch={refetch}
      onClose={props.onClose}
    />
  );
}

function CallersSubject(props: SecureProps) {
  const { entityRef, mesh, security, onClose } = props;
  const [host, setHost] = useState<string>();
  const { service } = serviceChoice(mesh, host);
  const choose = (policy: PolicyChoice) => ({
    policy,
    objectRef: editablePolicies(security.access, service?.namespace).find(
      each => each.object.name === policy.name,
    )?.object,
  });
  // Kept as it was chosen: a change on its way makes or removes the policy under the open dialog.
  const [chosen, setChosen] = useState(() =>
    choose(firstPolicy(security, service?.namespace)),
  );
  if (!service) {
    return (
      <NothingToChange
        title={TITLE}
        facts={<ServiceFacts entityRef={entityRef} clusters={[]} />}
        lead="There is nothing to guard."
        reasons={['No Service belongs to this component']}
        onClose={onClose}
      />
    );
  }
  const { policy, objectRef } = chosen;
  const subject = {
    host: service.host,
    policy,
    setHost: (next: string) => {
      setHost(next);
      setChosen(choose({ action: 'ALLOW' }));
    },
    setPolicy: (next: PolicyChoice) => setChosen(choose(next)),
  };
  // Another policy is another form: what was typed for one does not go into the other.
  const key = JSON.stringify([service.host, policy]);
  return objectRef ? (
    <WithPolicy key={key} {...props} subject={subject} objectRef={objectRef} />
  ) : (
    <CallersContent key={key} {...props} subject={subject} />
  );
}

/** Lets callers in, keeps callers out, from who was seen calling. */
export function CallersDialog(props: IntentDialogProps) {
  return (
    <SecurityDialog {...props} title={TITLE} window={CALLERS_OF}>
      {security => <CallersSubject {...props} security={security} />}
    </SecurityDialog>
  );
}
