import Detection
import Foundation
import Statistics

/// A detector with one number that says how easily it alarms.
struct ConceptFamily: Sendable {
    var name: String
    /// From the strictest to the loosest.
    var thresholds: [Double]
    /// The places of the alarms in a stream of errors; the place of an alarm is the last value it has seen.
    var alarms: @Sendable (_ threshold: Double, _ errors: [Double]) -> [Int]

    /// The loosest threshold with at most so many alarms in all of these streams, and its alarms; the strictest where
    /// none keeps to that.
    func tuned(_ quiet: [[Double]], allowed: Int) -> (threshold: Double, alarms: Int) {
        func count(_ threshold: Double) -> Int { quiet.reduce(0) { $0 + alarms(threshold, $1).count } }
        var (low, high) = (0, thresholds.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if count(thresholds[middle]) <= allowed { low = middle } else { high = middle }
        }
        return (thresholds[low], count(thresholds[low]))
    }

    /// Sixty steps of equal ratio.
    private static func steps(from strict: Double, to loose: Double) -> [Double] {
        (0..<60).map { strict * pow(loose / strict, Double($0) / 59) }
    }

    private static func detector<Detector: OnlineDetector>(
        _ name: String, _ thresholds: [Double], _ make: @escaping @Sendable (Double) -> Detector
    ) -> ConceptFamily {
        ConceptFamily(name: name, thresholds: thresholds) { threshold, errors in
            var detector = make(threshold)
            return errors.indices.filter { detector.update(errors[$0]) == .drift }
        }
    }
}

extension ConceptFamily {
    private static let chances = steps(from: 1e-12, to: 0.99)
    private static let sums = steps(from: 200, to: 0.5)

    static let online: [ConceptFamily] = [
        detector("adwin", chances) { AdaptiveWindow(.init(delta: $0)) },
        detector("adwin, each row", chances) { AdaptiveWindow(.init(delta: $0, clock: 1)) },
        detector("page_hinkley", sums) { PageHinkley(.init(threshold: $0)) },
        detector("page_hinkley, tolerance 0.1", sums) { PageHinkley(.init(tolerance: 0.1, threshold: $0)) },
        detector("cusum", sums) { CumulativeSum(.init(threshold: $0)) },
        detector("cusum, tolerance 0.1", sums) { CumulativeSum(.init(tolerance: 0.1, threshold: $0)) },
        detector("ddm", steps(from: 20, to: 1)) { DriftDetectionMethod(.init(warning: min(1, $0), drift: $0)) },
        detector("ddm, warm start 500", steps(from: 20, to: 1)) {
            DriftDetectionMethod(.init(warmStart: 500, warning: min(1, $0), drift: $0))
        },
        detector("eddm", steps(from: 0.01, to: 0.9999)) { EarlyDriftDetectionMethod(.init(warning: 1, drift: $0)) },
        detector("hddm_a", chances) { HoeffdingAverages(.init(drift: $0, warning: 0.995)) },
        detector("hddm_w", chances) { HoeffdingWeightedAverages(.init(drift: $0, warning: 0.995)) },
        detector("kswin", chances) { KolmogorovSmirnovWindow(.init(alpha: $0)) },
    ]

    /// What the agent does with labels: the accuracy of windows of 200 rows, raised where its whole 95 % interval lies
    /// below the level.
    static func judgement(every slide: Int) -> ConceptFamily {
        let levels = (0..<60).map { 0.8 + Double($0) * 0.2 / 60 }
        return ConceptFamily(name: "accuracy of 200 rows, every \(slide)", thresholds: levels) { level, errors in
            var monitor = ModelMonitor(
                model: "m", version: "1",
                rules: MonitorRules(
                    drift: [],
                    performance: [PerformanceRule(metric: .accuracy, limit: .below(raise: level, clear: level))]))
            var places: [Int] = []
            var isRaised = false
            for end in stride(from: 200, through: errors.count, by: slide) {
                var summary = PerformanceSummary(task: .binary(positive: "1"))
                for error in errors[(end - 200)..<end] {
                    summary.add(score: nil, predictedPositive: true, positive: error == 0)
                }
                let verdicts = monitor.judge(
                    performance: PerformanceWindow(
                        startMicroseconds: Int64(end - 200), endMicroseconds: Int64(end), summary: summary))
                let isDrift = verdicts.contains { $0.status == .drift }
                if isDrift, !isRaised { places.append(end - 1) }
                isRaised = isDrift
            }
            return places
        }
    }
}
