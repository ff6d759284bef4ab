package main

import (
	"encoding/json"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/kube"
)

// worldRequest is embedded by the ops that need a running istiod.
type worldRequest struct {
	envelope
	// AllowInvalid keeps objects that Istio's validation rejects. Without it
	// such a world is an error, since a real cluster would not hold it.
	AllowInvalid bool `json:"allowInvalid,omitempty"`
}

// world is an in-process istiod that has loaded one YAML world.
type world struct {
	key       worldKey
	discovery *xds.FakeDiscoveryServer
	cluster   *clusterObjects
	views     map[string]*proxyView
}

type worldKey struct {
	yaml, meshConfig string
	allowInvalid     bool
}

// defaultCreation is the creation time of objects that state none. Ties are
// then broken by name and namespace, as in a cluster.
var defaultCreation = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// openWorld returns the world of a request, reusing the open one if it is the
// same.
func (s *session) openWorld(req worldRequest) (*world, error) {
	key := worldKey{req.YAML, req.MeshConfig, req.AllowInvalid}
	if s.world != nil && s.world.key == key {
		return s.world, nil
	}
	s.closeWorld()

	configs, cluster, err := loadObjects(req)
	if err != nil {
		return nil, err
	}
	meshConfig, err := mesh.ApplyMeshConfigDefaults(req.MeshConfig)
	if err != nil {
		return nil, fmt.Errorf("meshConfig: %v", err)
	}
	s.failure = &failer{}
	forgetCollections()
	s.world = &world{
		key:     key,
		cluster: cluster,
		discovery: xds.NewFakeDiscoveryServer(s.failure, xds.FakeOptions{
			Configs:           configs,
			KubernetesObjects: cluster.objects,
			KubeClientBuilder: apiServer(s.failure),
			MeshConfig:        meshConfig,
		}),
		views: map[string]*proxyView{},
	}
	if cluster.hasGateways {
		s.world.settle(s.failure)
	}
	return s.world, nil
}

// settle waits until istiod has stopped updating itself. It converts Gateway
// API gateways only after its first push, and then pushes again.
func (w *world) settle(t *failer) {
	const quietTicks, tick = 10, 10 * time.Millisecond
	for quiet := 0; quiet < quietTicks; quiet++ {
		before := w.discovery.Discovery.InboundUpdates.Load()
		time.Sleep(tick)
		w.discovery.EnsureSynced(t)
		if w.discovery.Discovery.InboundUpdates.Load() != before {
			quiet = 0
		}
	}
}

// loadObjects sorts the documents into Istio configuration and Kubernetes
// objects (Gateway API included), in the forms istiod's parts want them.
func loadObjects(req worldRequest) ([]config.Config, *clusterObjects, error) {
	documents, err := parseDocuments(req.YAML)
	if err != nil {
		return nil, nil, err
	}
	var configs []config.Config
	cluster := newClusterObjects()
	for _, doc := range documents {
		if _, isIstio := doc.istioSchema(); isIstio {
			istioConfig, err := decodeIstio(doc, req.AllowInvalid)
			if err != nil {
				return nil, nil, fmt.Errorf("%s %s/%s: %v", doc.ref.Kind, doc.ref.Namespace, doc.ref.Name, err)
			}
			configs = append(configs, istioConfig)
			continue
		}
		object, err := decodeKubernetes(doc)
		if err != nil {
			return nil, nil, fmt.Errorf("%s %s/%s: %v", doc.ref.Kind, doc.ref.Namespace, doc.ref.Name, err)
		}
		cluster.add(object)
	}
	cluster.complete()
	return configs, cluster, nil
}

func decodeIstio(doc document, allowInvalid bool) (config.Config, error) {
	schema, _ := doc.istioSchema()
	var object crd.IstioKind
	if err := json.Unmarshal(doc.json, &object); err != nil {
		return config.Config{}, err
	}
	converted, err := crd.ConvertObject(schema, &object, "cluster.local")
	if err != nil {
		return config.Config{}, err
	}
	if converted.CreationTimestamp.IsZero() {
		converted.CreationTimestamp = defaultCreation
	}
	if _, err := schema.ValidateConfig(*converted); err != nil && !allowInvalid {
		return config.Config{}, fmt.Errorf("configuration is invalid: %v", err)
	}
	return *converted, nil
}

func decodeKubernetes(doc document) (runtime.Object, error) {
	object, _, err := kube.IstioCodec.UniversalDeserializer().Decode(doc.json, nil, nil)
	if err != nil {
		return nil, err
	}
	accessor, err := meta.Accessor(object)
	if err != nil {
		return nil, err
	}
	if created := accessor.GetCreationTimestamp(); created.IsZero() {
		accessor.SetCreationTimestamp(metav1.NewTime(defaultCreation))
	}
	setDefaults(object)
	return object, nil
}
