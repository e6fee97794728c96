import Events
import Glibc
public import Learning
public import Statistics
public import Windowing

/// When a promoted version is rolled back.
public struct ShadowSettings: Codable, Sendable, Equatable {
    /// accuracy, log_loss, brier, mae or rmse: those that are an average over rows.
    public var metric: PerformanceMetric
    /// By how much the promoted version must be worse, in the metric's own unit.
    public var margin: Double
    public var minimumLabels: Int
    /// With so many labels and no rollback the version is kept.
    public var maximumLabels: Int
    /// After so long, in event time, it is kept too, whatever the number of labels.
    public var observationMicroseconds: Int64

    /// The metrics that can be compared row by row.
    public static let comparable: [PerformanceMetric] = [.accuracy, .logLoss, .brier, .mae, .rmse]

    public init(
        metric: PerformanceMetric, margin: Double, minimumLabels: Int, maximumLabels: Int,
        observationMicroseconds: Int64
    ) {
        self.metric = Self.comparable.contains(metric) ? metric : .accuracy
        self.margin = margin
        self.minimumLabels = minimumLabels
        self.maximumLabels = maximumLabels
        self.observationMicroseconds = observationMicroseconds
    }
}

/// What follows from a comparison so far; the texts give the numbers.
public enum ShadowDecision: Sendable, Equatable {
    case proceed
    case keep(String)
    case rollBack(String)
}

/// A promoted version against its predecessor on the same labelled rows: what the promoted version said in production,
/// and what the predecessor says of the same features.
///
/// Not against the predecessor's past: after a drift that would roll back to a model that is worse still.
public struct ShadowComparison: Codable, Sendable, Equatable {
    public let model: String
    public let promoted: String
    public let predecessor: String
    let settings: ShadowSettings
    /// Event time at the promotion; where that was unknown, of the oldest labelled row so far, and `Int64.min` before.
    private(set) var startMicroseconds: Int64
    private let isStartKnown: Bool
    private(set) var rows = 0
    /// Sums over rows: the losses, and their paired difference (promoted − predecessor) with its square.
    private var promotedLoss = LossSum()
    private var predecessorLoss = LossSum()
    private var difference = LossSum()
    private var squaredDifference = LossSum()

    /// Against chance: a difference must also be this many standard errors from zero. Strict, because the comparison is
    /// looked at after every pane: over a hundred looks about 0.3 % of equal versions are rolled back (simulated).
    static let standardErrors = 3.5
    /// Losses are cut here, 2.8·10¹⁴, so that an absurd value spoils no sum.
    private static let largestLoss = 0x1p48

    public init(
        model: String, promoted: String, predecessor: String, settings: ShadowSettings, startMicroseconds: Int64
    ) {
        self.model = model
        self.promoted = promoted
        self.predecessor = predecessor
        self.settings = settings
        self.startMicroseconds = startMicroseconds
        isStartKnown = startMicroseconds != .min
    }

    /// Takes labelled rows of the promoted version.
    ///
    /// - Parameter scorer: predicts the rows' features with the version named.
    public mutating func add(
        _ labelled: [LabelledRow], task: ModelTask,
        scorer: (_ model: String, _ version: String, _ rows: [LabelledRow]) throws -> Predictions
    ) throws {
        guard let oldest = labelled.map(\.joinedMicroseconds).min() else { return }
        if !isStartKnown { startMicroseconds = startMicroseconds == .min ? oldest : min(startMicroseconds, oldest) }
        let live = LoggedPrediction.predictions(of: labelled, task: task, metric: settings.metric)
        let shadow = try scorer(model, predecessor, labelled)
        for (index, row) in labelled.enumerated() {
            guard let ownLoss = loss(live, at: index, row: row, task: task),
                let otherLoss = loss(shadow, at: index, row: row, task: task)
            else { continue }
            let own = min(Self.largestLoss, ownLoss)
            let other = min(Self.largestLoss, otherLoss)
            rows += 1
            promotedLoss.add(own)
            predecessorLoss.add(other)
            difference.add(own - other)
            squaredDifference.add((own - other) * (own - other))
        }
    }

    /// What follows now.
    ///
    /// - Parameter now: event time; `Int64.min` while it is unknown, right after a start.
    public func decide(nowMicroseconds now: Int64) -> ShadowDecision {
        if rows >= settings.minimumLabels {
            let count = Double(rows)
            let mean = difference.value / count
            let variance = max(0, squaredDifference.value / count - mean * mean)
            let isSignificant = mean > Self.standardErrors * (variance / count).squareRoot()
            if isSignificant, worsening >= settings.margin { return .rollBack(text) }
        }
        let observed = EventTimeSpan.elapsed(from: startMicroseconds, to: now) ?? 0
        if rows >= settings.maximumLabels || observed >= settings.observationMicroseconds { return .keep(text) }
        return .proceed
    }

    /// By how much the promoted version is worse, in the metric's own unit.
    private var worsening: Double { metricValue(promotedLoss) - metricValue(predecessorLoss) }

    private func metricValue(_ sum: LossSum) -> Double {
        let mean = sum.value / Double(max(1, rows))
        return settings.metric == .rmse ? mean.squareRoot() : mean
    }

    private var text: String {
        func shown(_ loss: Double) -> String {
            let value = settings.metric == .accuracy ? 1 - loss : loss
            return "\((value * 10_000).rounded() / 10_000)"
        }
        return
            "\(settings.metric.rawValue) \(shown(metricValue(promotedLoss))) against \(shown(metricValue(predecessorLoss))) "
            + "of its predecessor v\(predecessor) on the same \(rows) rows"
    }

    /// What a prediction costs: 0 or 1 for accuracy, the row's term of the average elsewhere.
    private func loss(_ predictions: Predictions, at index: Int, row: LabelledRow, task: ModelTask) -> Double? {
        switch task {
        case .regression:
            let predicted = predictions.values[index]
            guard let actual = row.value, predicted.isFinite else { return nil }
            let error = abs(predicted - actual)
            return settings.metric == .rmse ? error * error : error
        case .binary(let positive):
            let score = predictions.probabilities[index]
            guard !score.isNaN else { return nil }
            let likelihood = row.label == positive ? score : 1 - score
            return loss(likelihood: likelihood, isRight: (score >= 0.5) == (row.label == positive))
        case .multiclass(let classes):
            guard let actual = classes.firstIndex(of: row.label) else { return nil }
            let own = predictions.probabilities[(index * classes.count)..<((index + 1) * classes.count)]
            guard let best = own.max(), best > 0 else { return nil }
            let likelihood = own[own.startIndex + actual]
            if settings.metric == .brier {
                // Over all classes, as the metric is defined: Σp² − 2p + 1 of the class that happened.
                return own.reduce(1 - 2 * likelihood) { $0 + $1 * $1 }
            }
            return loss(likelihood: likelihood, isRight: likelihood == best)
        }
    }

    private func loss(likelihood: Double, isRight: Bool) -> Double {
        switch settings.metric {
        case .logLoss: -log(max(1e-15, likelihood))
        case .brier: (1 - likelihood) * (1 - likelihood)
        default: isRight ? 0 : 1
        }
    }
}
