// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // Checked in every test; the optimised build saves a twentieth of the time of an event.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// A library module of the agent: the folder `Sources/<name>`, compiled with the settings above.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// The tests of one module: the folder `Tests/<name>Tests`, with its golden values in `Fixtures`.
func tests(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.byName(name: name), "TidewatchTestKit"] + dependencies,
        exclude: exclude,
        resources: resources,
        swiftSettings: swiftSettings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "tidewatch",
    products: [.executable(name: "tidewatch", targets: ["tidewatch"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-serial-dev"])]),
        .systemLibrary(name: "CXGBoost", pkgConfig: "xgboost", providers: [.apt(["libxgboost-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CBoostMath"),
        .target(name: "CEigen"),

        module("Storage", ["CZlib", crypto, grdb]),
        module("Statistics", ["CBoostMath", "CEigen"]),
        module("Events", ["CSimdJSON", "Storage"]),
        module("Windowing", ["Events", "Statistics"]),
        module("Detection", ["Statistics", "Windowing"]),
        module("Alerting", ["Detection", "Storage", crypto, grdb]),
        module("Learning", ["COpenBLAS", "CXGBoost", "Statistics", "Storage"]),
        module("Registry", ["Events", "Storage", grdb]),
        module("Retraining", ["Detection", "Events", "Learning", "Registry", "Statistics", "Windowing"]),
        module("KafkaClient", ["CRdKafka"]),
        module(
            "Agent",
            [
                "Alerting", "Detection", "Events", "KafkaClient", "Learning", "Registry", "Retraining",
                "Statistics", "Storage", "Windowing", "Yams", logging, crypto, grdb,
            ]),
        .executableTarget(name: "tidewatch", dependencies: ["Agent", argumentParser], swiftSettings: swiftSettings),
        .target(
            name: "TidewatchTestKit", path: "Tests/TidewatchTestKit", swiftSettings: swiftSettings),

        .target(
            name: "BenchmarkPeers", path: "Tests/Benchmarks/Peers", exclude: ["programs"],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "StreamBenchmarks",
            dependencies: [
                "Agent", "BenchmarkPeers", "CRdKafka", "Events", "KafkaClient", "Statistics", "Storage", "Windowing",
            ],
            path: "Tests/Benchmarks/Stream", exclude: ["instructions.json"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "StatisticsBenchmarks",
            dependencies: ["BenchmarkPeers", "Detection", "Learning", "Statistics", "TidewatchTestKit", "Windowing"],
            path: "Tests/Benchmarks/Statistics", swiftSettings: swiftSettings),
        .executableTarget(
            name: "LearningBenchmarks", dependencies: ["BenchmarkPeers", "Learning", "Statistics", "TidewatchTestKit"],
            path: "Tests/Benchmarks/Learning", swiftSettings: swiftSettings),

        tests("Storage", [grdb]),
        tests("Statistics", resources: [.copy("Fixtures")]),
        tests("Events", ["Storage"]),
        tests("Windowing", ["Events", "Statistics"]),
        tests("Detection", ["Statistics", "Windowing"]),
        tests("Alerting", ["Detection", "Storage"], exclude: ["Fixtures"]),
        tests("Learning", ["Statistics", "Storage"], exclude: ["Fixtures"]),
        tests("Registry", ["Events", "Storage", grdb]),
        tests("Retraining", ["Events", "Learning", "Registry", "Statistics", "Storage", "Windowing"]),
        tests("KafkaClient", ["CRdKafka"]),
        tests(
            "Agent",
            [
                "Alerting", "Detection", "Events", "KafkaClient", "Learning", "Registry", "Retraining", "Statistics",
                "Storage", "Windowing",
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Agent", "Alerting", "Events", "KafkaClient", "Learning", "Registry", "Retraining", "Statistics",
                "Storage", "TidewatchTestKit", "Windowing",
            ],
            swiftSettings: swiftSettings),
    ],
    cxxLanguageStandard: .cxx17
)
