import Foundation
import Learning
import Statistics

extension TrainReport {
    private struct Best: Encodable {
        var learner: String
        var parameters: [String: ParameterNumber]
    }

    /// A parameter's value: a number, whole where it is, or a text.
    private enum ParameterNumber: Encodable {
        case number(Double)
        case text(String)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number):
                if let whole = Int64(exactly: number) {
                    try container.encode(whole)
                } else {
                    try container.encode(number)
                }
            case .text(let text): try container.encode(text)
            }
        }
    }

    private struct Fold: Encodable {
        var mean: Double
        var sd: Double?
    }

    private struct Interval: Encodable {
        var value: Double?
        var low: Double?
        var high: Double?
    }

    private struct LeftOut: Encodable {
        var column: String
        var reason: String
    }

    private struct Comparison: Encodable {
        var version: String
        var metric: String
        var method: String
        var champion: Double
        var challenger: Double
        var difference: Double
        var low: Double?
        var high: Double?
        var pValue: Double

        enum CodingKeys: String, CodingKey {
            case version, metric, method, champion, challenger, difference, low, high
            case pValue = "p_value"
        }

        init(_ found: ChampionComparison) {
            (version, metric, method) = (found.version, found.metric, found.result.method)
            (champion, challenger) = (found.result.first, found.result.second)
            (difference, pValue) = (found.result.difference, found.result.pValue)
            (low, high) = (found.result.low, found.result.high)
        }
    }

    private struct Threshold: Encodable {
        /// Absent where it is best never to decide for the positive class.
        var threshold: Double?
        var value: Interval
    }

    private struct CurvePoint: Encodable {
        var rows: Int
        var mean: Double
        var sd: Double?
    }

    private struct Whole: Encodable {
        var task: String
        var taskReason: String
        var target: String
        var best: Best
        var stack: String?
        var metric: String
        var validation: [String: Fold]
        var holdout: [String: Interval]
        var rows: [String: Int]
        var trials: Int
        var pruned: Int
        var failed: Int
        var chance: [String: Interval]?
        var learningCurve: [CurvePoint]?
        var threshold: Threshold?
        var comparison: Comparison?
        var importance: [String: Double]
        var leftOut: [LeftOut]
        var warnings: [String]
        var seconds: Double?
        var version: String?

        enum CodingKeys: String, CodingKey {
            case task, target, best, stack, metric, validation, holdout, rows, trials, pruned, failed, chance,
                threshold, comparison
            case importance, warnings, seconds, version
            case taskReason = "task_reason"
            case learningCurve = "learning_curve"
            case leftOut = "left_out"
        }
    }

    /// The JSON of CLI.md, keys sorted; ends without a newline.
    /// - Parameter hasSeconds: not in a file, which is the same for the same seed.
    func json(hasSeconds: Bool) throws -> String {
        let whole = Whole(
            task: taskName, taskReason: taskReason, target: target,
            best: Best(
                learner: learner,
                parameters: parameters.mapValues { value in
                    value.number.map(ParameterNumber.number) ?? .text(value.text ?? "")
                }), stack: stackNote, metric: metric,
            validation: Dictionary(validation.map { ($0.name, Fold(mean: $0.mean, sd: $0.deviation)) }) { one, _ in one
            },
            holdout: Dictionary(holdout.metrics.map { ($0.name, Self.interval($0.value)) }) { one, _ in one },
            rows: ["training": trainingRows, "holdout": holdoutRows], trials: trials.count,
            pruned: trials.count { $0.state == .pruned }, failed: trials.count { $0.state == .failed },
            chance: chance.isEmpty
                ? nil : Dictionary(chance.map { ($0.name, Self.interval($0.value)) }) { one, _ in one },
            learningCurve: curve.flatMap { curve in
                curve.points.isEmpty
                    ? nil : curve.points.map { CurvePoint(rows: $0.rows, mean: $0.mean, sd: $0.deviation) }
            },
            threshold: threshold.map {
                Threshold(threshold: $0.threshold.isFinite ? $0.threshold : nil, value: Self.interval($0.value))
            }, comparison: comparison.map(Comparison.init),
            importance: Dictionary(importance.map { ($0.feature, $0.share) }) { one, _ in one },
            leftOut: leftOut.map { LeftOut(column: $0.column, reason: $0.reason) }, warnings: warnings,
            seconds: hasSeconds ? seconds : nil, version: version)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(whole), as: UTF8.self)
    }

    private static func interval(_ value: MetricValue) -> Interval {
        Interval(value: value.value, low: value.low, high: value.high)
    }
}
