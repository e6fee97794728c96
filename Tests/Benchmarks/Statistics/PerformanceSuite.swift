import BenchmarkPeers
import Foundation
import Statistics
import TidewatchTestKit

/// Speed of performance metrics against scikit-learn and NannyML on the same rows in the same run, CPU seconds of one
/// thread, and that both estimate the same.
enum PerformanceSuite {
    private struct Peer: Decodable {
        var auc: Double
        var aucSeconds: Double
        var fitSeconds: Double
        var estimateSeconds: Double
        var isCalibrated: Bool
        var estimated: [String: Double]
    }

    static func run() throws {
        let reference = rows(50_000, seed: 1, shift: 0)
        let analysis = rows(50_000, seed: 2, shift: 0.6)
        print("50,000 rows".padding(toLength: 30, withPad: " ", startingAt: 0) + "  ours ms   peer ms   times faster")
        let files = try [reference, analysis].enumerated().map { try write($1, index: $0) }
        defer { for file in files { _ = unlink(file) } }
        guard let text = try Peers.run(script: "performance.py", arguments: files) else { return }
        let peer = try JSONDecoder().decode(Peer.self, from: Data(text.utf8))
        var broken: [String] = []

        let (aucSeconds, auc) = best { ExactMetrics.rocAUC(scores: analysis.scores, labels: analysis.labels) ?? 0 }
        line("ROC AUC (scikit-learn)", aucSeconds, peer.aucSeconds)
        if aucSeconds > 0.005 { broken.append("ROC AUC takes \(aucSeconds) s, more than 5 ms") }
        if abs(auc - peer.auc) > 1e-9 { broken.append("ROC AUC is \(auc), scikit-learn's \(peer.auc)") }

        let predicted = analysis.scores.map { $0 >= 0.5 }
        guard let steps = IsotonicCalibration(scores: reference.scores, labels: reference.labels) else {
            throw BenchmarkError("the reference cannot be calibrated")
        }
        let calibrator = peer.isCalibrated ? ScoreCalibrator.isotonic(steps) : .identity
        let metrics: [PerformanceMetric] = [.rocAUC, .f1, .precision, .recall, .specificity, .accuracy]
        func estimates(_ estimate: EstimatedPerformance) -> [Double] { metrics.map { estimate.metric($0).value ?? 0 } }
        let (wholeSeconds, whole) = best {
            estimates(EstimatedPerformance(scores: analysis.scores, predicted: predicted, calibrator: calibrator))
        }
        line("CBPE, estimate (NannyML)", wholeSeconds, peer.estimateSeconds)
        let (fitSeconds, _) = best { IsotonicCalibration(scores: reference.scores, labels: reference.labels) == nil }
        line("CBPE, fit and estimate", fitSeconds + wholeSeconds, peer.fitSeconds + peer.estimateSeconds)
        var summary = PredictionSummary()
        for (score, decision) in zip(analysis.scores, predicted) {
            summary.add(score: score, predictedPositive: decision)
        }
        let (streamSeconds, streamed) = best { estimates(EstimatedPerformance(summary, calibrator: calibrator)) }
        line("CBPE from the histogram", streamSeconds, peer.estimateSeconds)
        if wholeSeconds * 5 > peer.estimateSeconds { broken.append("CBPE is less than 5 times as fast as NannyML") }

        print("\nmetric         ours        NannyML     histogram")
        for (index, metric) in metrics.enumerated() {
            let expected = peer.estimated[metric.rawValue] ?? 0
            print(
                metric.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0)
                    + String(format: "  %.8f  %.8f  %.8f", whole[index], expected, streamed[index]))
            if abs(whole[index] - expected) > 1e-6 { broken.append("\(metric.rawValue) differs from NannyML's") }
        }
        if !broken.isEmpty { throw BenchmarkError(broken.joined(separator: "; ")) }
    }

    private typealias Rows = (scores: [Double], labels: [Bool])

    /// Overconfident scores: of P(positive) p, the log-odds are stretched.
    private static func rows(_ count: Int, seed: UInt64, shift: Double) -> Rows {
        var stream = DriftStream(seed: seed)
        var rows: Rows = ([], [])
        for _ in 0..<count {
            let odds = stream.normal(mean: shift, deviation: 1.2)
            rows.scores.append(1 / (1 + exp(-1.8 * odds - 0.3)))
            rows.labels.append(stream.uniform() < 1 / (1 + exp(-odds)))
        }
        return rows
    }

    private static func write(_ rows: Rows, index: Int) throws -> String {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "tidewatch-performance-\(ProcessInfo.processInfo.processIdentifier)-\(index).csv").path()
        let lines = zip(rows.scores, rows.labels).map { "\($1 ? 1 : 0),\($0),\($0 >= 0.5 ? 1 : 0)" }
        try ("y_true,score,y_pred\n" + lines.joined(separator: "\n") + "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// The best of eleven, in CPU seconds, and the result.
    private static func best<Result>(_ body: () -> Result) -> (seconds: Double, result: Result) {
        var found = Double.infinity
        var result = body()
        for _ in 0..<11 {
            let start = clock()
            result = body()
            found = min(found, Double(clock() - start) / Double(CLOCKS_PER_SEC))
        }
        return (found, result)
    }

    private static func line(_ name: String, _ own: Double, _ peer: Double) {
        print(
            name.padding(toLength: 30, withPad: " ", startingAt: 0)
                + String(format: "%9.2f %9.2f %10.1f", own * 1_000, peer * 1_000, peer / max(own, 1e-9)))
    }
}
