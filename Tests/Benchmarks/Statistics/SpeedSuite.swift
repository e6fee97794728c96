import BenchmarkPeers
import Foundation
import Statistics
import TidewatchTestKit

/// CPU seconds of one thread for the drift of a window in memory: 500,000 × 10 values against a reference of 50,000 rows
/// that is already profiled; and of other libraries on the same values in the same run.
enum SpeedSuite {
    static let columns = 10
    static let referenceRows = 50_000
    static let windowRows = 500_000
    static let statistics: [DriftStatistic] = [.ks, .chiSquare, .psi, .jensenShannon, .wasserstein]
    /// The most that counting and comparing may take.
    static let promise = 0.10

    @Sendable static func run() throws {
        var stream = DriftStream(seed: 3_030)
        let reference = (0..<columns).map { _ in stream.normals(referenceRows) }
        let window = (0..<columns).map { stream.normals(windowRows, mean: Double($0) / 100) }
        let profile = ReferenceBuilder.build(
            columns: reference.enumerated().map { ("x\($0.offset)", .numeric($0.element)) })
        let encoder = ReferenceEncoder(profile)
        _ = measure(encoder, window.map { Array($0.prefix(10_000)) })
        // The quickest of five: the others share the machine with somebody.
        var own = measure(encoder, window)
        for _ in 0..<4 {
            let again = measure(encoder, window)
            if again.total < own.total { own = again }
        }
        print("Tidewatch, counting".padded(44) + format(own.counting))
        print("Tidewatch, five statistics of ten columns".padded(44) + format(own.comparing))
        print("Tidewatch".padded(44) + format(own.total))
        try peers(reference, window, own: own.total)
        guard own.total <= promise else {
            throw BenchmarkError("counting and comparing took \(own.total) s, more than \(promise)")
        }
    }

    private static func measure(
        _ encoder: ReferenceEncoder, _ window: [[Double]]
    ) -> (counting: Double, comparing: Double, total: Double) {
        let start = processorSeconds()
        let accumulator = PaneAccumulator(encoder: encoder)
        for (column, values) in window.enumerated() {
            for value in values { accumulator.add(numeric: value, column: column) }
        }
        let summary = accumulator.summary()
        let counted = processorSeconds()
        var sum = 0.0
        for (column, reference) in encoder.profile.columns.enumerated() {
            let comparison = ColumnComparison(reference: reference, window: summary.columns[column])
            for statistic in statistics { sum += comparison.compute(statistic).value ?? 0 }
        }
        let end = processorSeconds()
        precondition(sum > 0, "the window differs from the reference")
        return (counted - start, end - counted, end - start)
    }

    private static func peers(_ reference: [[Double]], _ window: [[Double]], own: Double) throws {
        let folder = URL.temporaryDirectory.appending(
            path: "tidewatch-speed-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let files = ["reference", "window"].map { folder.appending(path: $0) }
        for (file, table) in zip(files, [reference, window]) {
            try table.reduce(into: Data()) { data, column in column.withUnsafeBytes { data.append(contentsOf: $0) } }
                .write(to: file)
        }
        let arguments = files.map { $0.path() } + [String(columns)]
        let ran = Result { try Peers.run(script: "univariate_speed.py", arguments: arguments) }
        try FileManager.default.removeItem(at: folder)
        guard let output = try ran.get() else { return }
        for line in output.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            guard parts.count == 2, let seconds = Double(parts[1]) else { continue }
            print(String(parts[0]).padded(44) + format(seconds) + String(format: "%9.1f×", seconds / own))
        }
    }

    private static func format(_ seconds: Double) -> String { String(format: "%9.4f s", seconds) }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
