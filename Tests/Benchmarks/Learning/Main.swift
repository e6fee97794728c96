import Foundation

/// `make bench-learning [SUITES="trees linear"]`: the training core beside its peers, on the same tables in the same run.
@main
enum LearningBenchmarks {
    /// Each suite prints one table and throws when a promise is broken.
    static let suites: [(name: String, run: @Sendable () throws -> Void)] = [
        ("profile", ProfileSuite.run),
        ("preparation", PreparationSuite.run),
        ("linear", LinearSuite.run),
        ("perceptron", PerceptronSuite.run),
        ("trees", TreesSuite.run),
        ("tuning", TuningSuite.run),
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
