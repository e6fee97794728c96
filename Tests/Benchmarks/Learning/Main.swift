import BenchmarkPeers
import Foundation

/// `make bench-learning [SUITES="trees linear"]`: the training core beside its peers, on the same tables in the same run.
@main
enum LearningBenchmarks {
    private static let suites = BenchmarkSuites([
        ("profile", ProfileSuite.run),
        ("preparation", PreparationSuite.run),
        ("linear", LinearSuite.run),
        ("perceptron", PerceptronSuite.run),
        ("trees", TreesSuite.run),
        ("tuning", TuningSuite.run),
    ])

    static func main() { suites.main() }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// CPU seconds of this process, all threads: what a suite compares with its peer's.
enum ProcessorTime {
    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let before = now()
        try body()
        return now() - before
    }

    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
