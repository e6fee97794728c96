#!/usr/bin/env bash
# Installs what Tidewatch builds and runs with on Debian 12, and checks the Swift toolchain.
# Quick when all of it is there. Usage: deploy/setup.sh [--checks]   (--checks: also what .ci/run needs)
set -euo pipefail

packages=(
    libc6-dev libstdc++-12-dev           # the C and C++ parts
    librdkafka-dev                       # Kafka
    libsimdjson-dev                      # JSON
    libxgboost-dev                       # boosted trees
    libopenblas-serial-dev               # matrices of the perceptron and the linear models
    libboost1.81-dev                     # Boost.Math, headers only
    libeigen3-dev                        # eigenvalues, headers only
    libsqlite3-dev zlib1g-dev            # state, gzip
    pkg-config python3 kcat              # build settings; receiver and Kafka client of the tests
)
[[ "${1:-}" == "--checks" ]] && packages+=(binutils python3-venv valgrind)

fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

check_swift() {
    command -v swift >/dev/null ||
        fail "no 'swift' in PATH." "Install Swift 6.2 or later from https://www.swift.org/install and try again."
    local text version=""
    text=$(swift --version 2>/dev/null)
    [[ "$text" =~ Swift\ version\ ([0-9]+\.[0-9]+) ]] && version=${BASH_REMATCH[1]}
    local major=${version%%.*} minor=${version#*.}
    if [[ -z "$version" ]] || ((major < 6 || (major == 6 && minor < 2))); then
        fail "Swift ${version:-of an unknown version} is too old: 6.2 or later is needed." \
            "Install it from https://www.swift.org/install and try again."
    fi
}

missing_packages() {
    local package status
    for package in "${packages[@]}"; do
        # No pipe into grep -q: dpkg would die of the closed pipe, and pipefail would call the package missing.
        status=$(dpkg -s "$package" 2>/dev/null) || status=""
        [[ "$status" == *"Status: install ok installed"* ]] || printf '%s\n' "$package"
    done
}

check_swift
command -v dpkg >/dev/null ||
    fail "this system has no dpkg; on Debian 12 the packages would be:" "${packages[*]}" \
        "Install their counterparts and build with 'swift build -c release'."

mapfile -t missing < <(missing_packages)
((${#missing[@]} == 0)) && exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null ||
        fail "these packages are missing and need root to install:" "${missing[*]}" \
            "Run as root: apt-get install ${missing[*]}"
    as_root=(sudo)
fi
printf 'setup: installing %s\n' "${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    fail "apt-get could not install: ${missing[*]}" "Tidewatch is built for Debian 12; see the messages above."
