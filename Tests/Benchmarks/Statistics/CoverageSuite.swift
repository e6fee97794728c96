import Foundation
import Statistics
import TidewatchTestKit

/// How often the 95 % intervals of performance metrics hold the true value, for windows of 100, 1,000 and 10,000 pairs.
///
/// The truth is the metric of one sample of two million rows of the same seeded stream. Coverage may lie above 95 %, and
/// below it by no more than chance (four standard deviations of the repetitions) and the allowance that the table states.
enum CoverageSuite {
    private struct Scenario: Sendable {
        var name: String
        var metrics: [PerformanceMetric]
        var sample: @Sendable (inout DriftStream, Int) -> [PerformanceMetric: MetricValue]
    }

    static func run() throws {
        let repetitions = Int(ProcessInfo.processInfo.environment["REPETITIONS"] ?? "") ?? 1_000
        let sizes = [100, 1_000, 10_000]
        print("coverage of nominal 95 % intervals, \(repetitions) samples each (a fifth of them at 10,000)")
        print("scenario              metric                 100    1,000   10,000")
        var broken: [String] = []
        for scenario in scenarios {
            let truth = truth(of: scenario)
            var lines: [PerformanceMetric: [String]] = [:]
            for size in sizes {
                let count = size == 10_000 ? max(100, repetitions / 5) : repetitions
                let found = Simulation.run(count, seed: 77 &+ UInt64(size)) { stream, _ in
                    scenario.sample(&stream, size)
                }
                for metric in scenario.metrics {
                    let known = found.compactMap { $0[metric] }.filter { $0.value != nil }
                    guard let value = truth[metric], !known.isEmpty else { continue }
                    let covered = known.count { ($0.low ?? .infinity) <= value && value <= ($0.high ?? -.infinity) }
                    let share = Double(covered) / Double(known.count)
                    lines[metric, default: []].append(String(format: "%6.1f %%", share * 100))
                    let floor = 0.95 - 4 * (0.95 * 0.05 / Double(known.count)).squareRoot() - allowance(size)
                    if share < floor { broken.append("\(scenario.name) \(metric.rawValue) at \(size): \(share)") }
                }
            }
            for metric in scenario.metrics {
                print(
                    scenario.name.padding(toLength: 20, withPad: " ", startingAt: 0) + "  "
                        + metric.rawValue.padding(toLength: 20, withPad: " ", startingAt: 0)
                        + (lines[metric] ?? []).joined(separator: " "))
            }
        }
        if !broken.isEmpty { throw BenchmarkError(broken.joined(separator: "; ")) }
    }

    /// With a hundred pairs a skewed mean is not normal yet: up to two points are allowed.
    private static func allowance(_ size: Int) -> Double { size == 100 ? 0.02 : 0.005 }

    private static func truth(of scenario: Scenario) -> [PerformanceMetric: Double] {
        var stream = DriftStream(seed: 4_242)
        return scenario.sample(&stream, 2_000_000).compactMapValues(\.value)
    }

    private static let decisions: [PerformanceMetric] = [
        .accuracy, .balancedAccuracy, .precision, .recall, .f1, .specificity, .mcc, .kappa, .rocAUC, .averagePrecision,
        .logLoss, .brier, .ece,
    ]

    private static let scenarios: [Scenario] = [
        binary("balanced", separation: 1.5, odds: 0),
        binary("5 % positive", separation: 2, odds: -2.9),
        binary("nearly perfect", separation: 5, odds: 0),
        Scenario(
            name: "three classes",
            metrics: [
                .accuracy, .balancedAccuracy, .precisionMacro, .recallMacro, .f1Macro, .precisionWeighted, .f1Weighted,
                .mcc, .kappa,
            ], sample: threeClasses),
        regression("normal errors") { $0.normal(mean: 0.3, deviation: 2) },
        regression("Laplace errors") { stream in
            (stream.uniform() < 0.5 ? -1 : 1) * -log(stream.uniform()) * 1.5
        },
    ]

    /// Log-odds are normal; scores are their logistic, outcomes drawn with somewhat other odds, so that scores are not
    /// calibrated.
    private static func binary(_ name: String, separation: Double, odds: Double) -> Scenario {
        Scenario(name: name, metrics: decisions) { stream, rows in
            var scores: [Double] = []
            var labels: [Bool] = []
            for _ in 0..<rows {
                let known = stream.normal(mean: odds, deviation: separation)
                scores.append(1 / (1 + exp(-known)))
                labels.append(stream.uniform() < 1 / (1 + exp(-0.8 * known + 0.2)))
            }
            let sample = BinarySample(labels: labels, scores: scores)
            return Dictionary(uniqueKeysWithValues: decisions.map { ($0, sample.metric($0)) })
        }
    }

    private static let threeClasses: @Sendable (inout DriftStream, Int) -> [PerformanceMetric: MetricValue] = {
        stream, rows in
        var confusion = MulticlassConfusion(classes: 3)
        for _ in 0..<rows {
            let draw = stream.uniform()
            let actual = draw < 0.6 ? 0 : draw < 0.9 ? 1 : 2
            let isRight = stream.uniform() < [0.9, 0.8, 0.6][actual]
            confusion.add(predicted: isRight ? actual : (actual + (stream.uniform() < 0.7 ? 1 : 2)) % 3, actual: actual)
        }
        return Dictionary(uniqueKeysWithValues: PerformanceMetric.allCases.map { ($0, confusion.metric($0)) })
    }

    private static func regression(
        _ name: String, error: @escaping @Sendable (inout DriftStream) -> Double
    ) -> Scenario {
        let metrics: [PerformanceMetric] = [.bias, .mae, .mse, .rmse, .mape, .r2, .pinball]
        return Scenario(name: name, metrics: metrics) { stream, rows in
            var actual: [Double] = []
            var predicted: [Double] = []
            for _ in 0..<rows {
                let outcome = stream.normal(mean: 50, deviation: 5)
                actual.append(outcome)
                predicted.append(outcome + error(&stream))
            }
            let sample = RegressionSample(predicted: predicted, actual: actual)
            return Dictionary(uniqueKeysWithValues: metrics.map { ($0, sample.metric($0)) })
        }
    }
}
