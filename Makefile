# The targets; `make` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
GO ?= go
FUZZTIME ?= 10s
BENCH ?= .

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: dev
dev: build ## Serve throw-away data with a few sample clients, key printed (ADDR=127.0.0.1:8080)
	@scripts/dev

.PHONY: build
build: ## Build bin/clientbook
	$(GO) build -o bin/clientbook ./cmd/clientbook

.PHONY: test
test: prepare ## Run all tests, and the official Node SDK against the real server
	$(GO) test ./...
	@$(MAKE) --no-print-directory test-sdk

.PHONY: test-sdk
test-sdk: build ## Only the official Node SDK against the real server; says why if it can't
	@scripts/test-sdk bin/clientbook

.PHONY: test-race
test-race: prepare ## Run the Go tests with the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race ./...

.PHONY: prepare
prepare: # fetches what tests need, so that they themselves reach nothing but this machine
	@$(GO) mod download
	@scripts/prepare

.PHONY: golden
golden: ## Rewrite the golden files; look at the difference before you commit it
	$(GO) test $$(grep -rl --include='*_test.go' 'flag\.Bool("update"' cmd internal | xargs -n1 dirname | sort -u | sed 's|^|./|') -update

.PHONY: fuzz
fuzz: ## Fuzz each target for a short while (FUZZTIME=10s)
	@GO=$(GO) scripts/fuzz $(FUZZTIME)

.PHONY: bench
bench: ## Run the Go benchmarks (BENCH=. chooses)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./...

.PHONY: check
check: lint test-race ## What a change must pass: lint, then tests with the race detector

.PHONY: lint
lint: ## gofmt, vet, go fix and staticcheck, without tests
	@scripts/format-check
	$(GO) vet ./...
	@diff=$$($(GO) fix -diff ./...) || true; if [ -n "$$diff" ]; then echo "$$diff"; echo 'go fix has something to change: run make fmt'; exit 1; fi
	$(GO) tool -modfile=tools/go.mod staticcheck ./...

.PHONY: fmt
fmt: ## Format the code and bring it up to the language's date
	"$$($(GO) env GOROOT)/bin/gofmt" -w $$(scripts/go-files)
	$(GO) fix ./...

.PHONY: clean
clean: ## Remove what was built or fetched here, and nothing else
	rm -rf bin sdktest/node_modules
