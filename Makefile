# The targets are all there is to know; see `make help`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo test simulate bench instructions bench-statistics bench-learning format lint docs clean

# More options for `tidewatch demo`, for example: make demo ARGS="--seed 7"
ARGS ?=
# More options for every `swift build` and `swift test`.
SWIFT_FLAGS ?=
# Tests with brokers and agents of their own: one after the other, or they would starve each other on two cores.
LIVE_TESTS := ^(AgentTests|KafkaClientTests)\.
# Both cores for minutes: apart, so that tests with limits of time do not wait behind them.
LONG_TESTS := ^SimulationTests\.
# How many simulations of the whole agent.
SEEDS ?= 1000
# Which of the statistics or learning benchmarks; empty for all.
SUITES ?=

help: ## This list.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

setup: ## What the build needs (Debian packages); quick when it is there.
	@deploy/setup.sh

build: setup ## The agent, optimised: .build/release/tidewatch
	swift build -c release --product tidewatch $(SWIFT_FLAGS)

demo: build ## The whole loop on an embedded broker, told in the terminal.
	@"$$(swift build -c release --show-bin-path $(SWIFT_FLAGS))/tidewatch" demo $(ARGS)

test: setup ## All tests; TIDEWATCH_DATA names the folder of the data sets, without it their tests are skipped.
	swift build --build-tests $(SWIFT_FLAGS)
	swift test --skip-build --skip '$(LIVE_TESTS)' --skip '$(LONG_TESTS)' $(SWIFT_FLAGS)
	swift test --skip-build --filter '$(LONG_TESTS)' $(SWIFT_FLAGS)
	swift test --skip-build --filter '$(LIVE_TESTS)' --no-parallel $(SWIFT_FLAGS)

simulate: setup ## The whole agent with everything going wrong: make simulate SEEDS=100000
	TIDEWATCH_SEEDS=$(SEEDS) swift test --filter '^SimulationTests\.' $(SWIFT_FLAGS)

bench: setup ## Speed and memory; the figures of docs/benchmarks.md.
	swift run -c release $(SWIFT_FLAGS) StreamBenchmarks

instructions: setup ## Instructions per event, by valgrind; fails when they have risen by over 5 %.
	swift build -c release --product StreamBenchmarks $(SWIFT_FLAGS)
	"$$(swift build -c release --show-bin-path $(SWIFT_FLAGS))/StreamBenchmarks" instructions

bench-statistics: setup ## Size, false-alarm budget, power and speed of the statistics; make bench-statistics SUITES="size online"
	swift build -c release --product tidewatch $(SWIFT_FLAGS)
	swift run -c release $(SWIFT_FLAGS) StatisticsBenchmarks $(SUITES)

bench-learning: setup ## Speed and quality of the training core beside its peers; make bench-learning SUITES="trees"
	swift build -c release --product tidewatch $(SWIFT_FLAGS)
	swift run -c release $(SWIFT_FLAGS) LearningBenchmarks $(SUITES)

format: ## Formats the sources.
	swift format --in-place --recursive --parallel Sources Tests Package.swift

lint: ## Format, walls between modules.
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	deploy/check-walls.py

docs: setup ## API documentation: .build/documentation
	deploy/build-docs.sh

clean: ## Removes what the build made.
	swift package clean
	rm -rf .build/documentation
