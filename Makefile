# How to work on Staffbook. `make` alone lists what there is.

SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup run test soak bench bench-peers load-sign-in fuzz audit check check-format check-dependencies check-server check-browser fmt clean-data

target := $(or $(CARGO_TARGET_DIR),target)

# One selection of crates to build, lint and test on the server's side. Any other would mean other features of the
# libraries, and so building those again. `frontend` is not in it: it turns on Leptos' other mode.
export SERVER_SIDE := --features app/ssr -p app -p bundle -p demo -p domain -p email -p formats -p fuzz -p gate -p migrations -p scim -p server -p store -p testkit

# Each line of a recipe is a shell of its own; those that compile start with this.
with_compiler := exports=$$(frontend/setup/toolchain.sh) && eval "$$exports" &&

ifdef RELEASE
executables := $(target)/release
build := cargo build -p bundle && cargo build --release -p server && $(target)/debug/bundle --release
else
executables := $(target)/debug
build := cargo build $(SERVER_SIDE) --bins && $(target)/debug/bundle
endif

help: ## List what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Bring what building needs, as far as it is missing
	@frontend/setup/toolchain.sh >/dev/null
	@end2end/setup.sh style

run: export PORTAL_ADDRESS ?= 127.0.0.1:3000
run: export PORTAL_DATABASE_URL ?= sqlite://data/portal.db?mode=rwc
run: export PORTAL_DEVELOPMENT ?= true
run: export PORTAL_SECOND_FACTOR ?= optional
run: export PORTAL_MAIL_DOMAIN ?= health.example
ifndef PORTAL_SMTP_URL
run: export PORTAL_MAIL_FOLDER ?= data/mail
endif
run: export PORTAL_SITE_ROOT ?= $(target)/site
run: export PORTAL_URL ?= http://$(PORTAL_ADDRESS)
run: setup ## Build and start the portal with made-up people in it (RELEASE=1: as it is shipped)
	@mkdir -p data
	@$(with_compiler) $(build)
	@$(executables)/server migrate
	@$(executables)/server seed --if-empty
	@exec $(executables)/server serve

test: ## Run every test there is, in the end those in a browser
	@end2end/test.sh

soak: setup ## Work at the portal and kill it for ten minutes on each database (SOAK_MINUTES), see that it adds up
	@end2end/setup.sh postgres
	@$(with_compiler) SOAK_MINUTES=$(or $(SOAK_MINUTES),10) KILLS=$(or $(KILLS),100) server/testkit/postgres.sh run \
		cargo test $(SERVER_SIDE) --test it -- under_fire::killed under_fire::soak --nocapture

bench: setup ## Measure the portal as it is shipped, with 1,500,000 people (PEOPLE, ORGANISATIONS, ROWS, DATABASES)
	@$(with_compiler) cargo build -p bundle && cargo build --release -p server && $(target)/debug/bundle --release
	@end2end/setup.sh browser postgres
	@end2end/bench/run.sh

load-sign-in: setup ## Measure pages while 500 people sign in at once
	@$(with_compiler) cargo build -p bundle && cargo build --release -p server && $(target)/debug/bundle --release
	@end2end/bench/portal.sh load-sign-in.mjs

bench-peers: ## The same file through django-import-export and through the portal, side by side
	@$(with_compiler) cargo build --release -p server
	@end2end/bench/peers.sh

fuzz: setup ## Look for bytes that a parser does not bear, a minute each (SECONDS_EACH)
	@$(with_compiler) server/fuzz/run.sh

# Without the network: AUDIT_DATABASE names a folder with the advisories, and it may be old.
audit: ## Compare Cargo.lock with the known holes of crates (exceptions: .cargo/audit.toml)
	@cargo audit --version >/dev/null 2>&1 || cargo install cargo-audit --locked
	@cargo audit --deny warnings $(if $(AUDIT_DATABASE),--db $(AUDIT_DATABASE) --no-fetch --stale)

check: check-format check-dependencies check-server check-browser ## Look over the code: format, dependencies and lints

check-format:
	@$(with_compiler) cargo fmt --all --check

# Reads the sources as text: what a crate only uses in a file of another one is listed in its Cargo.toml.
check-dependencies:
	@$(with_compiler) cargo machete --version >/dev/null 2>&1 || cargo install cargo-machete --version 0.9.2 --locked --debug
	@$(with_compiler) cargo machete

check-server:
	@$(with_compiler) cargo clippy $(SERVER_SIDE) --all-targets -- -D warnings

check-browser:
	@$(with_compiler) cargo clippy -p frontend --target wasm32-unknown-unknown --profile wasm-dev \
		--target-dir $(target)/browser -- -D warnings

fmt: ## Format the code
	@$(with_compiler) cargo fmt --all

clean-data: ## Throw away the database and the mail of `make run`
	rm -rf data
