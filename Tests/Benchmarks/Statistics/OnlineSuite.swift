import BenchmarkPeers
import Foundation
import Statistics
import TidewatchTestKit

/// The online detectors: how fast, beside river on the same values, how often they alarm without a change, and how soon
/// with one.
enum OnlineSuite {
    /// Updates per second that are promised.
    private static let promised: [OnlineDetectorKind: Double] = [.adwin: 5e6, .pageHinkley: 50e6, .kswin: 1e5]
    private static let repetitions = 400

    static func run() throws {
        let values = Self.values(errors: false, count: 1_000_000, change: .max, seed: 1)
        let errors = Self.values(errors: true, count: 1_000_000, change: .max, seed: 2)
        let peers = try peerRates(values, errors)
        print(
            row("detector", "updates/s", "river's", "alarms per 10,000", "median delay, 1 sd or 10 % to 30 % (missed)"))
        var broken: [String] = []
        for kind in OnlineDetectorKind.allCases {
            let rate = rate(kind, kind.takesErrors ? errors : values)
            let alarms = alarms(kind)
            let delays = delays(kind)
            print(
                row(
                    kind.rawValue, String(format: "%.0f", rate),
                    peers[kind.rawValue].map { String(format: "%.0f", $0) } ?? "–", String(format: "%.2f", alarms),
                    delays))
            if let least = promised[kind], rate < least {
                broken.append("\(kind.rawValue) takes \(rate) values a second, fewer than \(least)")
            }
        }
        guard broken.isEmpty else { throw BenchmarkError(broken.joined(separator: "; ")) }
    }

    private static func row(_ cells: String...) -> String {
        zip(cells, [14, 13, 11, 19, 0]).map { cell, width in
            String(repeating: " ", count: max(0, width - cell.count)) + cell
        }.joined(separator: "  ")
    }

    private static func values(errors: Bool, count: Int, change: Int, seed: UInt64) -> [Double] {
        var stream = DriftStream(seed: seed)
        return (0..<count).map { index in
            let isAfter = index >= change
            return errors ? (stream.uniform() <= (isAfter ? 0.3 : 0.1) ? 1 : 0) : stream.normal(mean: isAfter ? 1 : 0)
        }
    }

    // MARK: Speed

    /// The concrete type, as a user of the library would hold it.
    private static func rate(_ kind: OnlineDetectorKind, _ values: [Double]) -> Double {
        switch kind {
        case .adwin: rate(AdaptiveWindow(), values)
        case .pageHinkley: rate(PageHinkley(), values)
        case .cusum: rate(CumulativeSum(), values)
        case .ddm: rate(DriftDetectionMethod(), values)
        case .eddm: rate(EarlyDriftDetectionMethod(), values)
        case .hddmA: rate(HoeffdingAverages(), values)
        case .hddmW: rate(HoeffdingWeightedAverages(), values)
        case .kswin: rate(KolmogorovSmirnovWindow(), Array(values.prefix(200_000)))
        }
    }

    private static func rate<Detector: OnlineDetector>(_ fresh: Detector, _ values: [Double]) -> Double {
        (0..<5).map { _ in
            var detector = fresh
            var drifts = 0
            let start = clock()
            for value in values where detector.update(value) == .drift { drifts += 1 }
            let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
            precondition(drifts >= 0)
            return Double(values.count) / max(seconds, 1e-9)
        }.max() ?? 0
    }

    private static func peerRates(_ values: [Double], _ errors: [Double]) throws -> [String: Double] {
        let folder = FileManager.default.temporaryDirectory
        let files = try [values, errors].enumerated().map { number, numbers in
            let file = folder.appending(
                path: "tidewatch-online-\(ProcessInfo.processInfo.processIdentifier)-\(number).f64")
            try numbers.withUnsafeBytes { try Data($0).write(to: file) }
            return file
        }
        defer { for file in files { _ = unlink(file.path()) } }
        guard let text = try Peers.run(script: "online.py", arguments: files.map { $0.path() }) else { return [:] }
        return try JSONDecoder().decode([String: Double].self, from: Data(text.utf8))
    }

    // MARK: Alarms

    private static func alarms(_ kind: OnlineDetectorKind) -> Double {
        let counts = Simulation.run(repetitions, seed: 11) { stream, index in
            var detector = AnyOnlineDetector(kind)
            let values = values(errors: kind.takesErrors, count: 10_000, change: .max, seed: UInt64(1_000 + index))
            return values.count { detector.update($0) == .drift }
        }
        return Double(counts.reduce(0, +)) / Double(repetitions)
    }

    /// From the change at value 1,000 to the first alarm within 2,000 values.
    private static func delays(_ kind: OnlineDetectorKind) -> String {
        let delays = Simulation.run(repetitions, seed: 12) { stream, index -> Int? in
            var detector = AnyOnlineDetector(kind)
            let values = values(errors: kind.takesErrors, count: 3_000, change: 1_000, seed: UInt64(500_000 + index))
            var seen: Int?
            for (index, value) in values.enumerated() where detector.update(value) == .drift && index >= 1_000 {
                seen = seen ?? index - 1_000
            }
            return seen
        }
        let sorted = delays.compactMap(\.self).sorted()
        let missed = delays.count - sorted.count
        guard !sorted.isEmpty else { return "never" }
        return "\(sorted[sorted.count / 2])" + (missed > 0 ? " (\(missed) of \(delays.count))" : "")
    }
}
