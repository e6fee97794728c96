import Foundation
import TidewatchTestKit

/// Seeded simulations without drift: how often does each test reject? Never more often than it says, in no kind of stream
/// and at no window size. TIDEWATCH_SIMULATIONS sets their number per cell of the table (10,000).
enum SizeSuite {
    static let windows = [100, 1_000, 10_000]
    static let referenceRows = 5_000
    static let seed: UInt64 = 2_026

    static var simulations: Int {
        ProcessInfo.processInfo.environment["TIDEWATCH_SIMULATIONS"].flatMap { Int($0) } ?? 10_000
    }

    @Sendable static func run() throws {
        let start = ContinuousClock.now
        say("\(simulations) simulations per cell; ! above the 0.9999 quantile of the binomial; % insufficient")
        var faults: [String] = []
        say("-- on profiles: reference of \(referenceRows) rows, built anew in every simulation")
        say(SizeRow.header(windows))
        for stream in SizeStream.numeric { faults += show(numericProfiles(stream)) }
        for stream in SizeStream.categorical { faults += show(categoricalProfiles(stream)) }
        say("-- on whole samples: both of n values")
        say(SizeRow.header(windows))
        for stream in SizeStream.numeric { faults += show(samples(stream)) }
        faults += show(proportions())
        let seconds = Double((ContinuousClock.now - start).components.seconds)
        say(String(format: "%.0f s", seconds))
        guard faults.isEmpty else { throw BenchmarkError(faults.joined(separator: "\n")) }
    }

    private static func show(_ rows: [SizeRow]) -> [String] {
        // Line by line: the suite takes minutes, and what is printed to a file would wait for its end.
        for row in rows { say(row.text) }
        return rows.flatMap(\.faults)
    }

    private static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    /// The rows of one stream: `body` gives one outcome per test.
    static func rows(
        _ tests: [String], _ stream: SizeStream, judgedFrom: Int,
        _ body: @escaping @Sendable (inout DriftStream, _ window: Int) -> [SizeOutcome]
    ) -> [SizeRow] {
        var rows = tests.map { SizeRow(test: $0, stream: stream, judgedFrom: judgedFrom) }
        let place = UInt64(SizeStream.allCases.firstIndex(of: stream) ?? 0)
        for window in windows {
            let outcomes = Simulation.run(simulations, seed: seed &+ UInt64(window) &+ place * 100_003) { stream, _ in
                body(&stream, window)
            }
            for index in rows.indices { rows[index].add(window: window, outcomes.map { $0[index] }) }
        }
        return rows
    }
}
