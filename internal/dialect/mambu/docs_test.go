package mambu

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// TestRoutesAreDescribed holds the table of routes to openapi.json, and to the page about this dialect.
func TestRoutesAreDescribed(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		} `json:"paths"`
	}
	var raw struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(openapiJSON, &raw); err != nil {
		t.Fatal(err)
	}
	for _, item := range raw.Paths {
		delete(item, "parameters")
	}
	again, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(again, &doc); err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	operations := map[string]bool{}
	for path, item := range doc.Paths {
		for method, op := range item {
			described[strings.ToUpper(method)+" /api"+path] = true
			if operations[op.OperationID] {
				t.Errorf("%s is there twice", op.OperationID)
			}
			operations[op.OperationID] = true
		}
	}
	served := map[string]bool{}
	for pattern := range New(nil, nil).routes() {
		served[pattern] = true
	}
	if !maps.Equal(described, served) {
		t.Errorf("described\n%s\nserved\n%s", strings.Join(slices.Sorted(maps.Keys(described)), "\n"), strings.Join(slices.Sorted(maps.Keys(served)), "\n"))
	}
}
