import BenchmarkPeers

/// `make bench-statistics [SUITES="size online"]`: what the statistics promise, measured. Every simulation is seeded, so
/// that the figures of `docs/statistics.md` and `docs/benchmarks.md` can be had again by anybody.
@main
enum StatisticsBenchmarks {
    private static let suites = BenchmarkSuites([
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
    ])

    static func main() { suites.main() }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
