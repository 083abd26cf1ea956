# The tools that generate and lint are pinned in a module of their own; their first run builds them, for minutes.
TOOL = go tool -modfile=tools/go.mod

.PHONY: run test bench generate lint

# Start the demo: the portal, the demo ERP and the mail catcher, on this machine alone.
run:
	go run ./cmd/kontor demo

# Every test. A race detector is on, so cgo must be.
test:
	scripts/ensure-test-tools.sh
	go vet ./...
	CGO_ENABLED=1 go test -race -timeout 40m ./...

# Every benchmark, one package at a time: they measure.
bench:
	scripts/ensure-test-tools.sh
	go test -run '^$$' -bench . -benchmem -p 1 -timeout 30m ./...
	cd policies/comparison && go test -run '^$$' -bench . -benchmem -timeout 60m .

# Write again what is written by tools: queries, pages, SOAP types.
generate:
	$(TOOL) sqlc generate
	$(TOOL) templ generate -path portal -log-level warn
	go generate ./...

# Habits and walls (.golangci.yml), and proof that the walls hold.
lint:
	$(TOOL) golangci-lint run
	scripts/check-walls.sh
