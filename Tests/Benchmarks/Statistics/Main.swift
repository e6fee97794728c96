import Foundation

/// `make bench-statistics [SUITES="size online"]`: what the statistics promise, measured. Every simulation is seeded, so
/// that the figures of `docs/statistics.md` and `docs/benchmarks.md` can be had again by anybody.
@main
enum StatisticsBenchmarks {
    /// Each suite prints one table and throws when a promise is broken.
    static let suites: [(name: String, run: @Sendable () throws -> Void)] = [
        ("size", SizeSuite.run),
        ("online", OnlineSuite.run),
        ("speed", SpeedSuite.run),
        ("compare", CompareSuite.run),
        ("coverage", CoverageSuite.run),
        ("performance", PerformanceSuite.run),
        ("budget", BudgetSuite.run),
        ("segments", SegmentBudgetSuite.run),
        ("power", PowerSuite.run),
        ("concept", ConceptSuite.run),
        ("experiments", { try ExperimentSuite.run() }),
        ("multivariate", MultivariateSuite.run),
    ]

    static func main() {
        do {
            try run()
        } catch {
            // The tables measured so far come first.
            fflush(nil)
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() throws {
        let wanted = CommandLine.arguments.dropFirst()
        if let unknown = wanted.first(where: { name in !suites.contains { $0.name == name } }) {
            throw BenchmarkError(
                "there is no suite '\(unknown)'; there are \(suites.map(\.name).joined(separator: ", "))")
        }
        for suite in suites where wanted.isEmpty || wanted.contains(suite.name) {
            print("== \(suite.name)")
            try suite.run()
        }
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
