// Command compose prints what Docker Compose reads from files: a JSON array of texts on standard input,
// an array of their variables on standard output, null for a text that it refuses.
package main

import (
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
)

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		log.Fatal(err)
	}
	all := make([]map[string]string, len(texts))
	for i, text := range texts {
		values, err := dotenv.ParseWithLookup(strings.NewReader(text), func(string) (string, bool) { return "", false })
		if err == nil {
			all[i] = values
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		log.Fatal(err)
	}
}
