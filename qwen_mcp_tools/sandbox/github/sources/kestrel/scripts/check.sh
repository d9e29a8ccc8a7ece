#!/bin/sh
# Everything that a change must pass.
set -eu

python -m pytest -q tests
(cd clients/go && go vet ./...)
(cd core && cargo test --quiet)
