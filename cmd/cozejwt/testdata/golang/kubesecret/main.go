// Command kubesecret reads Secrets from stdin as the API server would, refusing
// what its schema does not have, and prints the entries of each as JSON.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/yaml"
	kjson "sigs.k8s.io/json"
)

func main() {
	in := yaml.NewYAMLToJSONDecoder(os.Stdin)
	all := map[string]map[string]string{}
	for {
		var raw json.RawMessage
		err := in.Decode(&raw)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		var s corev1.Secret
		strict, err := kjson.UnmarshalStrict(raw, &s)
		if err != nil || len(strict) > 0 {
			log.Fatal(err, strict)
		}
		if s.APIVersion != "v1" || s.Kind != "Secret" || s.Type != corev1.SecretTypeOpaque {
			log.Fatalf("%s %s %s", s.APIVersion, s.Kind, s.Type)
		}
		problems := validation.IsDNS1123Subdomain(s.Name)
		for key := range s.StringData {
			problems = append(problems, validation.IsConfigMapKey(key)...)
		}
		if len(problems) > 0 {
			log.Fatal(problems)
		}
		all[s.Name] = s.StringData
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		log.Fatal(err)
	}
}
