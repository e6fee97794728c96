import Foundation
import Learning
import Statistics
import TidewatchTestKit

/// The p-values that the agent adds up over time: many windows held against one reference.
extension MultivariateSuite {
    private static let statistics = MultivariateStatistic.allCases
    private static let windows = 50
    private static let referenceRows = 2_000
    private static let windowRows = 500
    /// ln of 10,800: hourly panes, one alarm in 30 days, three statistics with a fifth of the budget.
    private static let logBound = log(10_800.0)

    private static func tolerancePValues(_ reference: MultivariateReference, _ window: MultivariateRows) -> [Double?] {
        statistics.map { statistic in
            reference.compare(window, by: statistic) { reference, window, dispersion in
                let compared = Result {
                    try BoostedDomainClassifier.compare(
                        reference: reference, window: window, seed: 1, dispersion: dispersion)
                }
                switch compared {
                case .success(let result): return result
                case .failure(let error):
                    return MultivariateResult(.domainClassifier, status: .error, method: "\(error)")
                }
            }.tolerancePValue
        }
    }

    /// Without drift: the mean e-value must not be above 1, whatever the reference happened to be.
    static func evidence() -> [String] {
        let runs = max(1, SizeSuite.simulations / 250)
        say("evidence without drift: \(runs) references of \(referenceRows) rows × \(windows) windows of \(windowRows)")
        say("statistic".padded(22) + "stream".padded(12) + "p ≤ 0.05  p ≤ 0.01  mean e-value  runs that alarm")
        var faults: [String] = []
        for stream in MultivariateStream.allCases {
            let found = Simulation.run(runs, seed: 80) { chance, index in
                let reference = MultivariateReference(stream.rows(&chance, referenceRows), seed: UInt64(index))
                return (0..<windows).map { _ in tolerancePValues(reference, stream.rows(&chance, windowRows)) }
            }
            for (place, statistic) in statistics.enumerated() {
                let values = found.map { $0.map { $0[place] ?? 1 } }
                let all = values.flatMap(\.self)
                let mean = all.reduce(0) { $0 + exp(EvidenceCalibrator.logEValue(ofPValue: $1)) } / Double(all.count)
                let alarms = values.count { alarm($0) != nil }
                say(
                    statistic.rawValue.padded(22) + stream.rawValue.padded(12)
                        + String(
                            format: "%.4f    %.4f    %.3f         %d", share(all, 0.05), share(all, 0.01), mean, alarms)
                )
                if mean > 1 { faults.append("\(statistic.rawValue) on \(stream.rawValue): mean e-value \(mean)") }
            }
        }
        return faults
    }

    /// With drift: how many windows until the alarm.
    static func delays() {
        let runs = max(1, SizeSuite.simulations / 500)
        say("windows of \(windowRows) until the alarm, median of \(runs) runs (at most \(windows))")
        say("drift".padded(44) + statistics.map { $0.rawValue.padded(22) }.joined())
        for drift in MultivariateDrift.allCases {
            let found = Simulation.run(runs, seed: 81) { chance, index in
                let reference = MultivariateReference(
                    drift.rows(&chance, referenceRows, after: false), seed: UInt64(index))
                var values = [[Double]](repeating: [], count: statistics.count)
                for _ in 0..<windows where values.contains(where: { alarm($0) == nil }) {
                    let judged = tolerancePValues(reference, drift.rows(&chance, windowRows, after: true))
                    for (place, value) in judged.enumerated() { values[place].append(value ?? 1) }
                }
                return values.map { alarm($0) ?? windows + 1 }
            }
            let medians = statistics.indices.map { place in
                let median = found.map { $0[place] }.sorted()[runs / 2]
                return (median > windows ? "> \(windows)" : "\(median)").padded(22)
            }
            say(drift.rawValue.padded(44) + medians.joined())
        }
    }

    private static func share(_ values: [Double], _ level: Double) -> Double {
        Double(values.count { $0 <= level }) / Double(values.count)
    }

    /// After how many windows the evidence reaches the bound; `nil` if it does not.
    private static func alarm(_ pValues: [Double]) -> Int? {
        var detector = ShiryaevRoberts()
        for (index, value) in pValues.enumerated() {
            detector.add(logEValue: EvidenceCalibrator.logEValue(ofPValue: value))
            if detector.logValue ?? 0 >= logBound { return index + 1 }
        }
        return nil
    }
}
