package main

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"

	"istio.io/istio/pkg/kube"
)

// apiServer returns a builder of the API server that istiod watches. Istio's own
// builder creates the objects one by one, and for each client-go lists all kinds
// that there are, to keep managed fields that nobody reads: half the time that a
// world takes to open. Added to the server's store they cost nothing.
func apiServer(t *failer) func(objects ...runtime.Object) kube.Client {
	return func(objects ...runtime.Object) kube.Client {
		var builtIn, others []runtime.Object
		for _, object := range objects {
			if _, _, err := scheme.Scheme.ObjectKinds(object); err == nil {
				builtIn = append(builtIn, object)
			} else {
				others = append(others, object)
			}
		}
		client := kube.NewFakeClientWithVersion("", others...)
		store := client.Kube().(*fake.Clientset).Tracker()
		for _, object := range builtIn {
			if err := store.Add(object); err != nil {
				t.Fatal(err)
			}
		}
		return client
	}
}
