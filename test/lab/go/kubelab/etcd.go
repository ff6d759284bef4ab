package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/server/v3/embed"
)

const etcdTimeout = 60 * time.Second

// compactRevisionKey is where API servers tell each other of their compactions
// (k8s.io/apiserver, storage/etcd3/compact.go).
const compactRevisionKey = "compact_rev_key"

// startEtcd starts a single etcd member and waits until it serves. It does not
// wait for the disk: a lab that loses power is thrown away.
func startEtcd(dir, clientURL, peerURL string) (*embed.Etcd, error) {
	client, err := url.Parse(clientURL)
	if err != nil {
		return nil, err
	}
	peer, err := url.Parse(peerURL)
	if err != nil {
		return nil, err
	}
	config := embed.NewConfig()
	config.Dir, config.LogLevel, config.UnsafeNoFsync = dir, "error", true
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{*client}, []url.URL{*client}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{*peer}, []url.URL{*peer}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	server, err := embed.StartEtcd(config)
	if err != nil {
		return nil, err
	}
	select {
	case <-server.Server.ReadyNotify():
		return server, nil
	case <-time.After(etcdTimeout):
		server.Close()
		return nil, fmt.Errorf("etcd is not ready after %v", etcdTimeout)
	}
}

func runEtcd(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: kubelab etcd DIR CLIENT_URL PEER_URL")
	}
	server, err := startEtcd(args[0], args[1], args[2])
	if err != nil {
		return err
	}
	defer server.Close()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	<-ctx.Done()
	return nil
}

// compact drops every revision before the present one, as the API server does
// itself every five minutes.
func compact(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: kubelab compact CLIENT_URL")
	}
	client, err := clientv3.New(clientv3.Config{Endpoints: args, DialTimeout: 5 * time.Second})
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), etcdTimeout)
	defer cancel()
	// Any read tells the present revision.
	now, err := client.Get(ctx, "\x00", clientv3.WithCountOnly())
	if err != nil {
		return err
	}
	// The API server answers old lists from its own snapshots until it reads here
	// that they are compacted; it looks every 15 seconds.
	if _, err := client.Put(ctx, compactRevisionKey, strconv.FormatInt(now.Header.Revision, 10)); err != nil {
		return err
	}
	if _, err := client.Compact(ctx, now.Header.Revision, clientv3.WithCompactPhysical()); err != nil {
		return err
	}
	fmt.Println(now.Header.Revision)
	return nil
}
