import { ProxiedSignInPage } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
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
  const people =
    config.getOptionalConfigArray('app.signIn.people')?.map(
      (entry): Person => ({
        entityRef: entry.getString('entityRef'),
        name: entry.getString('name'),
        role: entry.getString('role'),
      }),
    ) ?? [];
  const [chosen, setChosen] = useState<string | undefined>(() => {
    const remembered = window.sessionStorage.getItem(REMEMBERED);
    return people.some(person => person.entityRef === remembered)
      ? remembered ?? undefined
      : undefined;
  });

  if (chosen) {
    return (
      <ProxiedSignInPage
        provider="sandbox"
        headers={{ 'x-sandbox-user': chosen }}
        onSignInSuccess={identity =>
          onSignInSuccess({
            ...bindIdentity(identity),
            signOut: async () => {
              window.sessionStorage.removeItem(REMEMBERED);
              await identity.signOut();
              window.location.reload();
            },
          })
        }
      />
    );
  }
  return (
    <Container>
      <Flex
        direction="column"
        gap="4"
        style={{ maxWidth: 760, margin: '64px auto' }}
      >
        <Text as="h1" variant="title-medium">
          {config.getOptionalString('app.title') ?? 'Portal'}: who do you want
          to be?
        </Text>
        <Text>
          This is a demo in front of a sandbox: a mesh that lives in one process
          on this machine. Each person may do different things, in the portal
          and in the clusters.
        </Text>
        {people.map(person => (
          <Card key={person.entityRef}>
            <CardBody>
              <Flex align="center" justify="between" gap="4">
                <Flex align="center" gap="3">
                  <Avatar
                    src=""
                    name={person.name}
                    size="medium"
                    purpose="decoration"
                  />
                  <Flex direction="column" gap="0">
                    <Text weight="bold">{person.name}</Text>
                    <Text color="secondary">{person.role}</Text>
                  </Flex>
                </Flex>
                <Button
                  variant="secondary"
                  aria-label={`Sign in as ${person.name}`}
                  onPress={() => {
                    window.sessionStorage.setItem(REMEMBERED, person.entityRef);
                    setChosen(person.entityRef);
                  }}
                >
                  Sign in
                </Button>
              </Flex>
            </CardBody>
          </Card>
        ))}
      </Flex>
    </Container>
  );
};

type Identity = Parameters<SignInPageProps['onSignInSuccess']>[0];

/** The identity is a class instance: its methods must keep their `this` when one is replaced. */
function bindIdentity(identity: Identity): Identity {
  return {
    getBackstageIdentity: () => identity.getBackstageIdentity(),
    getCredentials: () => identity.getCredentials(),
    getProfileInfo: () => identity.getProfileInfo(),
    signOut: () => identity.signOut(),
  };
}
