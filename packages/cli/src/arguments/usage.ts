/** What `istio-portal help` prints. */
export const USAGE = `istio-portal: what Istio makes of these files, without a cluster

  istio-portal analyze PATH...          what is wrong with the mesh that the files make
                                        [--fail-on error|warning|info]
  istio-portal validate PATH...         what istiod's webhook would say, object by object
  istio-portal check PATH...            what the portal's guardrails say to these objects
                                        [--policy FILE] [--cluster NAME] [--team REF] [--service NS/NAME]...
                                        [--base PATH]: what is there now, so that only changes are judged
  istio-portal guard [--policy FILE]    admission policies that hold kubectl users to host ownership
                                        [--cluster NAME] [--exempt-group GROUP]...
  istio-portal explain mtls PATH...     --to NS/WORKLOAD [--port N] [--from NS/WORKLOAD]
  istio-portal explain route PATH...    --from NS/WORKLOAD | --gateway NS/NAME  --host H --port N
                                        [--method M] [--path P] [--header K=V]...
  istio-portal explain authz PATH...    --from NS/SERVICEACCOUNT | --from-ip IP | --from-workload NS/WORKLOAD
                                        --to NS/WORKLOAD --port N [--method M] [--path P] [--host H]
                                        [--header K=V]... [--claim K=V]...
  istio-portal explain split PATH...    --to NS/WORKLOAD
  istio-portal explain exposure PATH...   --to NS/WORKLOAD
  istio-portal explain resilience PATH... --to NS/WORKLOAD [--from NS/WORKLOAD]
  istio-portal test PATH... --expect FILE
  istio-portal audit verify LOG         whether an audit log is what was recorded; LOG is an export
                                        (NDJSON, - for standard input), a SQLite file or postgres://…
                                        [--key KEY|FILE]... [--anchor FILE]... [--schema NAME]
                                        or the folder of an evidence pack
  istio-portal audit pack EXPORT --out FOLDER
                                        what an auditor asks of a period, as a folder with a page to
                                        read; EXPORT is NDJSON of a period [--key ...] [--anchor ...]

  PATH is a file, a folder (all .yaml, .yml and .json below it) or - for standard input.
  --output text|json                    (analyze: also sarif, github; check: also sarif, github;
                                        test: also junit; guard: yaml or json)
  --policy FILE                         the portal's app-config, or its istio: section (ownership, guardrails)
  --mesh-config FILE                    meshConfig, or the istio ConfigMap
  --root-namespace NS                   istio-system unless meshConfig says otherwise

Ports of --to are container ports. Exit code: 0 fine, 1 found, invalid, denied, in need of approval, refused, an altered log or a failed case, 2 bad input.
`;
