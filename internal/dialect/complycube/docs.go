package complycube

import (
	_ "embed"
	"net/http"

	"clientbook/internal/openapi"
)

var (
	//go:embed openapi.yaml
	openapiYAML []byte
	//go:embed openapi.json
	openapiJSON []byte
)

// Description gives what this dialect says of itself.
func Description() *openapi.Description {
	return &openapi.Description{Name: "complycube", Title: "ComplyCube dialect", YAML: openapiYAML, JSON: openapiJSON}
}

// Docs serves /docs for this dialect alone.
func Docs() http.Handler { return openapi.Docs(Fail, Description()) }
