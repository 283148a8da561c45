# The two commands of the README are `make run` and `make test`. `make help`
# lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := build
MAKEFLAGS += --no-print-directory

VIEWER := internal/webaccess/novnc/dist
CONSOLE := internal/console/web/dist
SMALL   := internal/house/small/program/dist
DRIVER := e2e/browser/node_modules/.package-lock.json
NPM_CI := npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
TOOL   := go tool -modfile=tools/go.mod
# Where the AWS CLI's models lie, for `make models`.
BOTOCORE ?= $(shell python3 -c 'import botocore; print(botocore.__path__[0])' 2>/dev/null)

.PHONY: run build test check bench crash fuzz gen models fmt clean help viewer console small FORCE

run: ## build, install what is missing, start the plane with its sample office, run the morning check
	@scripts/run.sh

build: tamachi ## build ./tamachi with the desktop viewer and the console inside

tamachi: viewer console small FORCE
	CGO_ENABLED=0 go build -o $@ ./cmd/tamachi

# The program of desktops lies in the binary packed; the same one is not
# written again, so that nothing is linked for it.
small: FORCE
	@mkdir -p $(SMALL) bin
	@CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w" -o bin/tamachi-desktop ./cmd/tamachi-desktop
	@gzip -9nc bin/tamachi-desktop > $(SMALL)/new && { cmp -s $(SMALL)/new $(SMALL)/tamachi-desktop.gz || cp $(SMALL)/new $(SMALL)/tamachi-desktop.gz; } && rm $(SMALL)/new

viewer: $(VIEWER)/LICENSE.txt

# noVNC goes into the binary as published, with its licence.
$(VIEWER)/LICENSE.txt: web/package-lock.json
	@scripts/install.sh npm
	cd web && $(NPM_CI)
	rm -rf $(VIEWER) && mkdir -p $(VIEWER)
	cp -R web/node_modules/@novnc/novnc/core web/node_modules/@novnc/novnc/vendor $(VIEWER)/
	cp web/node_modules/@novnc/novnc/LICENSE.txt $@ && touch $@

console: $(CONSOLE)/index.html.gz

# The console lies in the binary as browsers fetch it: compressed.
$(CONSOLE)/index.html.gz: console/node_modules/.package-lock.json $(shell find console -path console/node_modules -prune -o -type f -print)
	@cd console && npm run --silent check && npm run --silent build -- --logLevel warn
	@find $(CONSOLE) -type f -exec gzip -9nf {} +
	@touch $@

console/node_modules/.package-lock.json: console/package-lock.json
	@scripts/install.sh npm
	cd console && $(NPM_CI) && touch node_modules/.package-lock.json

$(DRIVER): e2e/browser/package-lock.json
	@scripts/install.sh npm
	cd e2e/browser && $(NPM_CI) && touch node_modules/.package-lock.json

test: bin/testrun viewer console small ## the whole suite: all tests, then e2e and check
	@scripts/install.sh run test
	@$(MAKE) $(DRIVER)
	@bin/testrun

check: bin/testrun viewer console small ## format, vet, lint, generated files
	@bin/testrun check

bin/testrun: FORCE
	@go build -C tools -o ../bin/testrun ./testrun

# The stock Session Manager plugin; the transcripts build their own.
bin/session-manager-plugin: FORCE
	@CGO_ENABLED=0 go build -C tools/smplugin -o ../../$@ github.com/aws/session-manager-plugin/src/sessionmanagerplugin-main

bench: build $(DRIVER) ## measure; peers side by side where they are installed
	@scripts/install.sh run test
	go run ./bench -out bench/out

crash: ## kill the plane 200 times while others write, and look for what it answered
	TAMACHI_KILLS=200 go test ./e2e -run '^TestNothingAnswered' -v -count=1 -timeout 30m

FUZZTIME ?= 10m
FUZZ     ?= .
fuzz: ## run every fuzz target for FUZZTIME=10m; FUZZ=pattern of packages or names
	@scripts/fuzz.sh $(FUZZTIME) '$(FUZZ)'
	go test ./internal/policy/reference -run Agree -count=1 -v -args -cases=1000000

gen: ## write generated files anew
	go generate ./...

models: ## prune AWS's models anew from BOTOCORE=folder (names its version)
	go run ./cmd/modelgen -botocore "$(BOTOCORE)"

fmt: ## format all Go files
	$(TOOL) golangci-lint fmt ./...

clean: ## remove what was built (never a data folder)
	rm -rf tamachi bin bench/out $(VIEWER) $(CONSOLE) $(SMALL) web/node_modules console/node_modules e2e/browser/node_modules

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10
