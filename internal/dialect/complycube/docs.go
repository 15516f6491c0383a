package complycube

import (
	_ "embed"

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
