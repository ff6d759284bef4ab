// kubelab is a Kubernetes control plane in one binary: etcd, kube-apiserver
// and kube-controller-manager, unchanged, each reachable as a command, and all
// of them in one process.
//
//	kubelab etcd DIR CLIENT_URL PEER_URL
//	kubelab kube-apiserver ARGS...
//	kubelab kube-controller-manager ARGS...
//	kubelab all DIR CLIENT_URL PEER_URL -- APISERVER_ARGS... -- CONTROLLER_ARGS...
//	kubelab compact CLIENT_URL
//
// `all` starts the controllers once KUBELAB_READY answers 200 (the API server's
// /readyz; at once if it is not set). `compact` forgets etcd's history up to
// now and prints the revision.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

var errUsage = errors.New("usage: kubelab etcd|kube-apiserver|kube-controller-manager|all|compact (see main.go)")

func main() {
	if len(os.Args) < 2 {
		end(errUsage)
	}
	args := os.Args[2:]
	switch os.Args[1] {
	case "etcd":
		end(runEtcd(args))
	case "kube-apiserver":
		os.Exit(runCommand(apiserver.NewAPIServerCommand(), args))
	case "kube-controller-manager":
		os.Exit(runCommand(controllers.NewControllerManagerCommand(), args))
	case "all":
		end(runAll(args))
	case "compact":
		end(compact(args))
	default:
		end(errUsage)
	}
}

func end(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "kubelab:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func runCommand(command *cobra.Command, args []string) int {
	command.SetArgs(args)
	return cli.Run(command)
}
