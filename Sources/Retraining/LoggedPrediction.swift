import Events
import Learning
import Statistics
import Windowing

/// What a version said when it made a prediction, read back from the message.
struct LoggedPrediction {
    /// P(positive); NaN if the message has none.
    var score = Double.nan
    /// The predicted number; NaN if the message has none.
    var value = Double.nan
    /// The predicted label; empty if the message has none.
    var label = ""
    /// P(class) by label.
    var scores: [String: Double] = [:]

    /// `nil` if the message no longer decodes.
    init?(_ row: LabelledRow, decoder: EventDecoder) {
        var found = false
        row.message.withUnsafeBytes { bytes in
            guard case .event(let event) = decoder.decode(bytes, recordTimeMicroseconds: row.recordMicroseconds) else {
                return
            }
            found = true
            score = event.score
            value = event.value
            label = String(decoding: event.label, as: UTF8.self)
            for entry in event.scoreEntries { scores[String(decoding: entry.label, as: UTF8.self)] = entry.score }
        }
        if !found { return nil }
    }

    /// Predictions for several rows in the form that evaluations take.
    ///
    /// A label without a probability counts as a certain prediction where the metric asks for labels only. Where it asks
    /// for probabilities the row has no prediction: as 0 or 1 a label would lose every comparison.
    static func predictions(of rows: [LabelledRow], task: ModelTask, metric: PerformanceMetric) -> Predictions {
        let decoder = EventDecoder(limits: .unlimited)
        let logged = rows.map { LoggedPrediction($0, decoder: decoder) }
        let takesLabels = metric != .logLoss && metric != .brier && metric != .ece
        switch task {
        case .binary(let positive):
            let scores = logged.map { one -> Double in
                guard let one else { return .nan }
                if !one.score.isNaN { return one.score }
                if let score = one.scores[positive] { return score }
                return one.label.isEmpty || !takesLabels ? .nan : one.label == positive ? 1 : 0
            }
            let negative = rows.first { $0.label != positive }?.label ?? ""
            return Predictions(scores: scores, positive: positive, negativeLabel: negative)
        case .multiclass(let classes):
            let probabilities = logged.flatMap {
                $0?.probabilities(of: classes, takesLabels: takesLabels) ?? unknown(classes)
            }
            return Predictions(
                task: task, rowCount: rows.count, probabilities: probabilities, values: [], negativeLabel: "",
                alignment: AlignmentCounts())
        case .regression:
            return Predictions(
                task: task, rowCount: rows.count, probabilities: [], values: logged.map { $0?.value ?? .nan },
                negativeLabel: "", alignment: AlignmentCounts())
        }
    }

    /// What was said of the classes. Nothing said is NaN, which is left out; zeros would read as the first class.
    private func probabilities(of classes: [String], takesLabels: Bool) -> [Double] {
        if classes.contains(where: { scores[$0] != nil }) { return classes.map { scores[$0] ?? 0 } }
        guard takesLabels, classes.contains(label) else { return Self.unknown(classes) }
        return classes.map { $0 == label ? 1 : 0 }
    }

    private static func unknown(_ classes: [String]) -> [Double] { Array(repeating: .nan, count: classes.count) }
}
