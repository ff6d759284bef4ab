export interface Config {
  /** Istio self-service: which meshes it reads and how it judges them. */
  istio?: {
    /**
     * Settings per cluster, joined by name with `kubernetes.clusterLocatorMethods` (type `config`).
     * A cluster that stands only here needs a `kubeconfig`.
     */
    clusters?: Array<{
      /** Name of the cluster, the same as in `kubernetes:`. */
      name: string;
      /** Name for people. */
      title?: string;
      /** Istio's root namespace. Default: `istio-system`. */
      rootNamespace?: string;
      /** DNS suffix of the cluster. Default: `cluster.local`. */
      domain?: string;
      /** Connect as this kubeconfig says; exec plugins named there are run. */
      kubeconfig?: {
        /** Path of the file on the backend's machine. */
        file: string;
        /** Default: the file's current context. */
        context?: string;
      };
      /** Where the mesh's metrics are: Prometheus or anything with its query API. */
      prometheus?: {
        /** Address up to but not including `/api/v1`; http or https, redirects are not followed. */
        url: string;
        /** How often the proxies are scraped, in seconds. Default: 15. */
        scrapeIntervalSeconds?: number;
        /**
         * Sent with every query, for example `Authorization`.
         * @deepVisibility secret
         */
        headers?: { [name: string]: string };
      };
      /** Where traces are: the query API of Jaeger. */
      jaeger?: {
        url: string;
      };
      /**
       * Look at the certificates in the Secrets that gateways name, to tell when they end; their private keys
       * are dropped at once. The portal's account then needs `get` on these Secrets. Default: false, and
       * only cert-manager's Certificates tell it.
       */
      readGatewayCertificates?: boolean;
      /**
       * Ask istiod's debug interface which proxies run what it last sent them, as `istioctl proxy-status` does: by a
       * port-forward to its pods. The portal's account then needs `get` and `create` on `pods/portforward` in the
       * root namespace. Default: true; where the account may not, or istiod runs elsewhere, it is shown as unknown.
       */
      readProxyStatus?: boolean;
    }>;
    /** From when the end of a gateway's certificate is a finding. */
    certificates?: {
      /** Days before the end from which it is a warning. Default: 30. */
      soonDays?: number;
      /** Days before the end from which it is an error. Default: 7. */
      urgentDays?: number;
    };
    /**
     * When a component counts as degraded or failing. The annotation `istio-portal.dev/health` of a
     * Namespace or an entity, JSON with the same keys, is laid over it.
     */
    health?: {
      /** `default` (1 % and 10 % errors) or `kiali` (Kiali's own thresholds). */
      preset?: 'default' | 'kiali';
      /** HTTP 5xx, gRPC failures and requests without response, in percent. */
      errors?: { degradedPercent: number; failingPercent: number };
      /** HTTP 4xx, in percent; without it they are not judged (preset `default`). */
      clientErrors?: { degradedPercent: number; failingPercent: number };
      /** Objective for p99, in milliseconds; without it latency is not judged. */
      latencyP99Ms?: { degraded: number; failing: number };
      /** Fewer requests than this in the window are not judged. */
      minimumRequests?: number;
    };
    /** Which owner may show which namespace: an entity's annotation alone is only a claim. */
    ownership?: {
      /** Let any owner claim namespaces that nobody is bound to. Default: false. */
      bindAll?: boolean;
      /** Namespace to entity references of its owners. */
      namespaces?: { [namespace: string]: string | string[] };
    };
    /** What changes are held to: in forms, the API and pipelines alike. Everything is enforced unless it says otherwise. */
    guardrails?: {
      /** Who may change what counts for the whole mesh, as entity references. */
      platformTeams?: string[];
      /** By id of the guardrail: `warn` points out what `enforce` (default) refuses. */
      modes?: { [policy: string]: 'enforce' | 'warn' };
      limits?: {
        /** Percentage points from which a step is for the callers' owners to know of. Default: 25. */
        stepPoints?: number;
        /** Retries of one request in a route. Default: 5. */
        retryAttempts?: number;
        /** Retries at a time in percent of active requests. Default: 25. */
        retryBudgetPercent?: number;
      };
      /**
       * Kinds that component owners change. Default: VirtualService, DestinationRule, HTTPRoute, GRPCRoute,
       * TCPRoute, TLSRoute, ServiceEntry, PeerAuthentication, AuthorizationPolicy. EnvoyFilter, WasmPlugin and ProxyConfig never are.
       */
      kinds?: string[];
      /** Ports that teams' Gateways may open. Default: 80 and 443. */
      gatewayPorts?: number[];
      /** Components where a second person approves every change, as entity references. */
      tierOne?: string[];
      /** Clusters that are judged alike, by name of the environment. */
      environments?: {
        [environment: string]: {
          clusters: string[];
          /** Over the general modes. */
          modes?: { [policy: string]: 'enforce' | 'warn' };
          /** Over the general limits. */
          limits?: {
            stepPoints?: number;
            retryAttempts?: number;
            retryBudgetPercent?: number;
          };
        };
      };
      /** What a team holds beyond its namespaces, by entity reference of the team. */
      teams?: {
        [team: string]: {
          /** Domains outside the mesh: `api.example.com`, `*.example.com`. */
          externalHosts?: string[];
          /** Addresses and ranges outside the mesh. */
          externalAddresses?: string[];
          /** Domains it may serve on gateways. */
          gatewayHosts?: string[];
          /** Secrets with certificates that its Gateways may name. */
          credentialNames?: string[];
        };
      };
    };
    /** As whom a person's changes go out; without it nobody can change anything. */
    impersonation?: {
      /** Kubernetes user; `{name}` and `{namespace}` of the User entity. */
      user?: string;
      /** Kubernetes group per Group entity the person belongs to; without it no groups are sent. */
      groups?: string;
      /** Exceptions by entity reference of the user. */
      users?: { [userEntityRef: string]: { user?: string; groups?: string[] } };
    };
    /** Approval of changes by other people than who asks for them. */
    approvals?: {
      /**
       * Entity references of groups or people who approve what nobody owns, and may stand in for any
       * owner. Without them such approvals are up to whoever has the permission
       * `istio.change.approve`.
       */
      approvers?: string[];
      /** After how many hours a change that nobody approved closes itself. Default: 72. */
      waitHours?: number;
      /** Within how many hours a change made in an emergency is to be reviewed. Default: 24. */
      reviewHours?: number;
    };
    /** Windows in which nothing is changed; taking a change back is always possible. */
    freezeWindows?: Array<{
      /** Shown to people. */
      name: string;
      /** IANA time zone whose wall clock decides. Default: `UTC`. */
      timeZone?: string;
      /** Default: every cluster. */
      clusters?: string[];
      /** Of the objects that are written. Default: every namespace. */
      namespaces?: string[];
      /** Once, with `to`: local time such as `2026-12-23T12:00`. */
      from?: string;
      to?: string;
      /** Again and again, with `duration`: cron expression of the start. */
      cron?: string;
      /** ISO 8601, for example `P2DT14H`. */
      duration?: string;
    }>;
    /**
     * Where changes of objects go that Argo CD or Flux applies from Git: pull requests at GitHub or merge
     * requests at GitLab, with the credentials of `integrations.github` and `integrations.gitlab`. See
     * docs/gitops.md.
     */
    git?: {
      /** How often the Git host is asked about one open proposal. Default 30. */
      pollSeconds?: number;
      sources?: Array<{
        /** Unique, short, for people. */
        name: string;
        /** Which objects come from here: every condition that is given has to fit. */
        argocdApplications?: string | string[];
        /** `namespace/name`, or the name alone. */
        fluxKustomizations?: string | string[];
        namespaces?: string | string[];
        labels?: { [label: string]: string };
        clusters?: string | string[];
        /** Address as in a browser: https://github.com/acme/shop-config, https://gitlab.com/acme/team/config. */
        repository: string;
        /** The branch that the owner applies. Default main. */
        branch?: string;
        /** Globs of the files to look through. Default: all YAML. */
        paths?: string[];
        /** Namespace of objects whose files name none. */
        namespace?: string;
        /** Folder or file for objects that are new; without it they are refused. */
        newFiles?: string;
      }>;
    };
    /** Changes made outside the portal. See docs/drift.md. */
    drift?: {
      /** Whether they are looked for. Default: true. */
      enabled?: boolean;
      /**
       * Field managers whose changes are not recorded, for example `flagger`. A manager's name is chosen by
       * the client, so whoever knows the list can hide behind it.
       */
      ignoreManagers?: string[];
      /** Kinds that are not compared, for example `WorkloadEntry`. */
      ignoreKinds?: string[];
      /** How long they are shown beside the portal's own changes, in days. Default: 400. */
      keepDays?: number;
      /** How many of them at most; the oldest go first. Default: 20000. */
      keepRecords?: number;
    };
    /** The audit log: who signs it and where its checkpoints are kept. See docs/audit.md. */
    audit?: {
      /** Name of the log in its checkpoints. Default: `backend.baseUrl` without scheme, and `/istio-audit`. */
      origin?: string;
      /**
       * Ed25519 private key, PEM or 32 bytes in base64. Without it checkpoints are not signed.
       * @visibility secret
       */
      signingKey?: string;
      /**
       * The key before, for as long as it takes to start once with the new one: both sign for the change.
       * @visibility secret
       */
      previousSigningKey?: string;
      /** Sign with a new key although the one before is lost; verifiers must then be given the new key. */
      acceptNewKey?: boolean;
      /** Why nothing may be taken out of the log: stops retention and redaction while it is there. */
      legalHold?: string;
      /** Details of entries older than this are taken out; without it everything stays for ever. */
      retention?: {
        /** For kinds that `kinds` does not name. */
        days: number;
        /** Days by kind of entry, for example `auditRead: 90`. */
        kinds?: { [kind: string]: number };
        /** Folder that what goes is written to first, as an export that is verified. */
        archive?: string;
      };
      /**
       * Other systems that get every entry from the moment they stand here, in order and at least once; exactly
       * one of `http`, `otlp` and `syslog` each.
       */
      forward?: Array<{
        /** Unique; how far it has the log is remembered by it. */
        name: string;
        /** NDJSON with POST. */
        http?: {
          url: string;
          /** @deepVisibility secret */
          headers?: { [name: string]: string };
        };
        /** OpenTelemetry log records as JSON; the whole address, usually ending in `/v1/logs`. */
        otlp?: {
          url: string;
          /** @deepVisibility secret */
          headers?: { [name: string]: string };
        };
        /** RFC 5424 with octet counting. */
        syslog?: {
          host: string;
          /** Default: 6514. */
          port?: number;
          /** Default: true. Plain TCP is for a collector on the same machine. */
          tls?: boolean;
          /** PEM of the authority, where it is none of the public ones. */
          ca?: string;
        };
      }>;
      /** Where checkpoints are kept beside the database; exactly one of `file`, `http` and `configMap` each. */
      anchors?: Array<{
        /** Unique. */
        name: string;
        /** Appended to, one line per checkpoint. */
        file?: { path: string };
        /** The newest 20 in a ConfigMap of one of the clusters, written with the portal's own credentials. */
        configMap?: {
          /** As in `istio.clusters`; not the one that the portal's database runs in. */
          cluster: string;
          namespace: string;
          name: string;
        };
        /** Sent there with POST. */
        http?: {
          url: string;
          /** Where what it keeps is read back with GET when the log is verified: a note, or one JSON object with `note` per line. */
          readUrl?: string;
          /**
           * For example `Authorization`.
           * @deepVisibility secret
           */
          headers?: { [name: string]: string };
        };
      }>;
    };
    /** Reading of metrics. */
    metrics?: {
      /** How long an answer of Prometheus is shared, in seconds. Default: 10. */
      cacheSeconds?: number;
      /** How long to wait for Prometheus, in seconds. Default: 10. */
      timeoutSeconds?: number;
    };
  };
  /** The portal's own section, of which locators of type `config` are read. */
  kubernetes?: {
    clusterLocatorMethods?: Array<{
      type?: string;
      clusters?: Array<{
        name?: string;
        url?: string;
        authProvider?: string;
        /** @visibility secret */
        serviceAccountToken?: string;
        skipTLSVerify?: boolean;
        /** @visibility secret */
        caData?: string;
        caFile?: string;
      }>;
    }>;
  };
}
