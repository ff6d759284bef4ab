package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/spf13/pflag"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app/options"
)

const apiServerTimeout = 60 * time.Second

// runAll runs all three in this process until the API server ends.
func runAll(args []string) error {
	parts := split(args)
	if len(parts) != 3 || len(parts[0]) != 3 {
		return errors.New("usage: kubelab all DIR CLIENT_URL PEER_URL -- APISERVER_ARGS... -- CONTROLLER_ARGS...")
	}
	etcd, err := startEtcd(parts[0][0], parts[0][1], parts[0][2])
	if err != nil {
		return err
	}
	go func() {
		if err := waitReady(os.Getenv("KUBELAB_READY")); err != nil {
			end(err)
		}
		end(runControllers(parts[2]))
	}()
	code := runCommand(apiserver.NewAPIServerCommand(), parts[1])
	etcd.Close()
	if code != 0 {
		return fmt.Errorf("kube-apiserver ended with code %d", code)
	}
	return nil
}

// split cuts the arguments at every "--".
func split(args []string) [][]string {
	parts := [][]string{nil}
	for _, arg := range args {
		if arg == "--" {
			parts = append(parts, nil)
			continue
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], arg)
	}
	return parts
}

// waitReady asks for a URL until it answers 200.
func waitReady(url string) error {
	if url == "" {
		return nil
	}
	client := &http.Client{
		Timeout: 2 * time.Second,
		// Only the status is looked at, and nothing secret is sent.
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
	}
	for deadline := time.Now().Add(apiServerTimeout); time.Now().Before(deadline); {
		if response, err := client.Get(url); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("the API server is not ready after %v", apiServerTimeout)
}

// runControllers is kube-controller-manager without its command: that sets up
// logging, which may happen only once in a process and which the API server's
// command has done.
func runControllers(args []string) error {
	opts, err := options.NewKubeControllerManagerOptions()
	if err != nil {
		return err
	}
	flags := pflag.NewFlagSet("kube-controller-manager", pflag.ContinueOnError)
	known, off, aliases := controllers.KnownControllers(), controllers.ControllersDisabledByDefault(), controllers.ControllerAliases()
	for _, set := range opts.Flags(known, off, aliases).FlagSets {
		flags.AddFlagSet(set)
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx := context.Background()
	config, err := opts.Config(ctx, known, off, aliases)
	if err != nil {
		return err
	}
	return controllers.Run(ctx, config.Complete())
}
