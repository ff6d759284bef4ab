package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kubeyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
)

// objectRef names an object in answers.
type objectRef struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

// document is one YAML document of a world, with metadata.namespace filled in.
type document struct {
	ref  objectRef
	gvk  config.GroupVersionKind
	json []byte
}

// istioSchema finds the document's kind among Istio's own CRDs, in any version.
func (d document) istioSchema() (resource.Schema, bool) {
	return collections.Pilot.FindByGroupVersionAliasesKind(d.gvk)
}

// parseDocuments splits a world and sets the namespace "default" where a
// namespaced object has none, as `kubectl apply` would.
func parseDocuments(world string) ([]document, error) {
	var documents []document
	reader := kubeyaml.NewYAMLReader(bufio.NewReader(strings.NewReader(world)))
	for index := 0; ; index++ {
		chunk, err := reader.Read()
		if err == io.EOF {
			return documents, nil
		}
		if err != nil {
			return nil, fmt.Errorf("yaml document %d: %v", index, err)
		}
		raw, err := toJSON(chunk)
		if err != nil {
			return nil, fmt.Errorf("yaml document %d: %v", index, err)
		}
		if bytes.Equal(raw, []byte("null")) {
			continue
		}
		objects, err := itemsOf(raw)
		if err != nil {
			return nil, fmt.Errorf("yaml document %d: %v", index, err)
		}
		for _, object := range objects {
			doc, err := newDocument(object)
			if err != nil {
				return nil, fmt.Errorf("yaml document %d: %v", index, err)
			}
			documents = append(documents, doc)
		}
	}
}

// toJSON leaves JSON as it is: generated worlds are, and reading them as YAML is
// most of the work.
func toJSON(chunk []byte) ([]byte, error) {
	if trimmed := bytes.TrimSpace(chunk); json.Valid(trimmed) {
		return trimmed, nil
	}
	return yaml.YAMLToJSON(chunk)
}

// itemsOf opens a List, as `kubectl get -o yaml` writes one; any other object
// is its own only item.
func itemsOf(raw []byte) ([]json.RawMessage, error) {
	var list struct {
		metav1.TypeMeta `json:",inline"`
		Items           []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	if list.Kind == "List" && list.APIVersion == "v1" {
		return list.Items, nil
	}
	return []json.RawMessage{raw}, nil
}

func newDocument(raw []byte) (document, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return document{}, err
	}
	var header metav1.TypeMeta
	if err := json.Unmarshal(raw, &header); err != nil {
		return document{}, err
	}
	if header.Kind == "" || header.APIVersion == "" {
		return document{}, fmt.Errorf("apiVersion and kind are required")
	}
	kind := header.GroupVersionKind()
	doc := document{
		gvk: config.GroupVersionKind{Group: kind.Group, Version: kind.Version, Kind: kind.Kind},
		ref: objectRef{Kind: kind.Kind},
	}

	metadata := map[string]any{}
	if fields["metadata"] != nil {
		if err := json.Unmarshal(fields["metadata"], &metadata); err != nil {
			return document{}, fmt.Errorf("metadata: %v", err)
		}
	}
	doc.ref.Name, _ = metadata["name"].(string)
	doc.ref.Namespace, _ = metadata["namespace"].(string)
	schema, known := collections.All.FindByGroupVersionAliasesKind(doc.gvk)
	if doc.ref.Namespace == "" && known && !schema.IsClusterScoped() {
		doc.ref.Namespace = metav1.NamespaceDefault
		metadata["namespace"] = doc.ref.Namespace
		updated, err := json.Marshal(metadata)
		if err != nil {
			return document{}, err
		}
		fields["metadata"] = updated
	}

	var err error
	doc.json, err = json.Marshal(fields)
	return doc, err
}
