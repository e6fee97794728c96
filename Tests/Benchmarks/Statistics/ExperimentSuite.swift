import Foundation
import Statistics
import TidewatchTestKit

/// What the methods for experiments promise: under "no difference" a sequential method rejects at most α however often it
/// is looked at after its burn-in, a confidence sequence covers the true difference at all looks together, and a
/// fixed-horizon test keeps its level at the one look it was made for (and loses it when it is peeked at).
enum ExperimentSuite {
    static let alpha = 0.05

    static func run() throws {
        var table = RejectionTable()
        peeking(&table)
        groupSequential(&table)
        fixedHorizon(&table)
        allocation(&table)
        warnings(&table)
        speed()
        try table.finish()
    }
}

/// Shares of simulated experiments, each against what was promised.
struct RejectionTable {
    private var faults: [String] = []

    init() {
        print(Self.line(["method", "experiment", "looks", "rejected", "promised", "runs"]))
    }

    /// A promise: at most `limit`, up to the binomial band of one run in a thousand.
    mutating func promise(
        _ method: String, _ experiment: String, looks: String, rejected: Int, of runs: Int, limit: Double
    ) {
        let share = Double(rejected) / Double(runs)
        let most = limit + 3.09 * (limit * (1 - limit) / Double(runs)).squareRoot()
        let isKept = share <= most
        if !isKept { faults.append("\(method), \(experiment): \(share) rejected, at most \(most) may be") }
        print(
            Self.line([
                method, experiment, looks, String(format: "%.4f", share),
                String(format: "≤ %.3f%@", limit, isKept ? "" : " BROKEN"), "\(runs)",
            ]))
    }

    /// What happens to those who ignore the warning; `range` where theory says how much.
    mutating func warning(
        _ method: String, _ experiment: String, looks: String, rejected: Int, of runs: Int,
        range: ClosedRange<Double>? = nil
    ) {
        let share = Double(rejected) / Double(runs)
        if let range, !range.contains(share) {
            faults.append("\(method), \(experiment): \(share) rejected, expected \(range)")
        }
        print(Self.line([method, experiment, looks, String(format: "%.4f", share), "–", "\(runs)"]))
    }

    func finish() throws {
        guard faults.isEmpty else { throw BenchmarkError(faults.joined(separator: "\n")) }
    }

    static func line(_ cells: [String]) -> String {
        zip(cells, [34, 46, 28, 10, 16, 8]).map { text, width in
            text + String(repeating: " ", count: max(1, width - text.count))
        }.joined()
    }
}

/// A kind of metric, drawn without a difference or with one.
struct ExperimentStream: Sendable {
    var name: String
    var isProportion = false
    /// The true difference of the means.
    var difference = 0.0
    /// The treatment's share of the traffic.
    var share = 0.5
    /// τ of the mSPRT, the prior spread of effects.
    var tau: Double
    var draw: @Sendable (inout DriftStream, _ isTreatment: Bool) -> Double

    static let undisturbed = [
        ExperimentStream(name: "proportion 0.5", isProportion: true, tau: 0.05) { stream, _ in
            stream.uniform() < 0.5 ? 1 : 0
        },
        ExperimentStream(name: "proportion 0.05", isProportion: true, tau: 0.02) { stream, _ in
            stream.uniform() < 0.05 ? 1 : 0
        },
        ExperimentStream(name: "proportion 0.05, traffic 10 : 90", isProportion: true, share: 0.1, tau: 0.02) {
            stream, _ in stream.uniform() < 0.05 ? 1 : 0
        },
        ExperimentStream(name: "normal", tau: 0.1) { stream, _ in stream.normal() },
        ExperimentStream(name: "normal, sd 1 and 3", tau: 0.2) { stream, isTreatment in
            stream.normal(deviation: isTreatment ? 3 : 1)
        },
        ExperimentStream(name: "log-normal σ 1", tau: 0.2) { stream, _ in exp(stream.normal()) },
        ExperimentStream(name: "log-normal σ 1, traffic 10 : 90", share: 0.1, tau: 0.2) { stream, _ in
            exp(stream.normal())
        },
    ]

    static let shifted = [
        ExperimentStream(name: "proportion 0.10 → 0.12", isProportion: true, difference: 0.02, tau: 0.02) {
            stream, isTreatment in stream.uniform() < (isTreatment ? 0.12 : 0.10) ? 1 : 0
        },
        ExperimentStream(name: "normal + 0.3 sd, traffic 20 : 80", difference: 0.3, share: 0.2, tau: 0.2) {
            stream, isTreatment in stream.normal(mean: isTreatment ? 0.3 : 0)
        },
    ]

    /// Feeds `count` observations; `look` is called after each, and ends the run when it answers `true`.
    func run(
        _ stream: inout DriftStream, count: Int, look: (_ control: ArmSummary, _ treatment: ArmSummary) -> Bool
    ) -> Bool {
        var arms = (ArmSummary(isProportion: isProportion), ArmSummary(isProportion: isProportion))
        for _ in 0..<count {
            if stream.uniform() < share {
                arms.1.add(draw(&stream, true))
            } else {
                arms.0.add(draw(&stream, false))
            }
            if look(arms.0, arms.1) { return true }
        }
        return false
    }
}
