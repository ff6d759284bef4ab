import { ProxiedSignInPage } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { ConfigApi } from '@backstage/frontend-plugin-api';
import type { SignInPageProps } from '@backstage/plugin-app-react';
import {
  Avatar,
  Button,
  Card,
  CardBody,
  Container,
  Flex,
  Text,
} from '@backstage/ui';
import { useState } from 'react';

interface Person {
  entityRef: string;
  name: string;
  role: string;
}

const REMEMBERED = 'sandbox.signedInAs';

/** Sign-in of the demo: a choice, no secret. The backend serves it in front of the sandbox only. */
export const ChoosePerson = ({ onSignInSuccess }: SignInPageProps) => {
  const config = useApi(configApiRef);
  const people = readPeople(config);
  const [chosen, setChosen] = useState<string | undefined>(() => {
    const remembered = window.sessionStorage.getItem(REMEMBERED);
    return people.find(person => person.entityRef === remembered)?.entityRef;
  });
  if (chosen) {
    return (
      <ProxiedSignInPage
        provider="sandbox"
        headers={{ 'x-sandbox-user': chosen }}
        onSignInSuccess={identity => onSignInSuccess(forgetOnSignOut(identity))}
      />
    );
  }
  return (
    <People
      title={config.getOptionalString('app.title') ?? 'Portal'}
      people={people}
      onChoose={person => {
        window.sessionStorage.setItem(REMEMBERED, person.entityRef);
        setChosen(person.entityRef);
      }}
    />
  );
};

function People(props: {
  title: string;
  people: Person[];
  onChoose: (person: Person) => void;
}) {
  return (
    <Container>
      <Flex
        direction="column"
        gap="4"
        style={{ maxWidth: 760, margin: '64px auto' }}
      >
        <Text as="h1" variant="title-medium">
          {props.title}: who do you want to be?
        </Text>
        <Text>
          This is a demo in front of a sandbox: a mesh that lives in one process
          on this machine. Each person may do different things, in the portal
          and in the clusters.
        </Text>
        {props.people.map(person => (
          <PersonCard
            key={person.entityRef}
            person={person}
            onChoose={() => props.onChoose(person)}
          />
        ))}
      </Flex>
    </Container>
  );
}

function PersonCard(props: { person: Person; onChoose: () => void }) {
  return (
    <Card>
      <CardBody>
        <Flex align="center" justify="between" gap="4">
          <Flex align="center" gap="3">
            <Avatar
              src=""
              name={props.person.name}
              size="medium"
              purpose="decoration"
            />
            <Flex direction="column" gap="0">
              <Text weight="bold">{props.person.name}</Text>
              <Text color="secondary">{props.person.role}</Text>
            </Flex>
          </Flex>
          <Button
            variant="secondary"
            aria-label={`Sign in as ${props.person.name}`}
            onPress={props.onChoose}
          >
            Sign in
          </Button>
        </Flex>
      </CardBody>
    </Card>
  );
}

function readPeople(config: ConfigApi): Person[] {
  const entries = config.getOptionalConfigArray('app.signIn.people') ?? [];
  return entries.map(entry => ({
    entityRef: entry.getString('entityRef'),
    name: entry.getString('name'),
    role: entry.getString('role'),
  }));
}

type Identity = Parameters<SignInPageProps['onSignInSuccess']>[0];

/** The identity is a class instance: its methods must keep their `this` when one is replaced. */
function forgetOnSignOut(identity: Identity): Identity {
  return {
    getBackstageIdentity: () => identity.getBackstageIdentity(),
    getCredentials: () => identity.getCredentials(),
    getProfileInfo: () => identity.getProfileInfo(),
    signOut: async () => {
      window.sessionStorage.removeItem(REMEMBERED);
      await identity.signOut();
      window.location.reload();
    },
  };
}
