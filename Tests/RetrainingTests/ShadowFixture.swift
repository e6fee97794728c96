import Learning
import Retraining
import Statistics
import TidewatchTestKit
import Windowing

/// Labelled rows of a promoted version with what its predecessor says of them.
struct ShadowRows {
    var rows: [LabelledRow] = []
    /// P(positive), or the value for regression.
    var predecessor: [Double] = []

    /// Rows that each version gets right or wrong as told.
    init(right: [(promoted: Bool, predecessor: Bool)], confidence: Double = 0.9) {
        var factory = RowFactory(seed: 1)
        for (index, row) in right.enumerated() {
            let isFraud = index % 3 == 0
            func score(_ isRight: Bool) -> Double { isRight == isFraud ? confidence : 1 - confidence }
            rows.append(
                factory.row(
                    body: "\"features\":{\"x\":1},\"score\":\(score(row.promoted))", label: isFraud ? "fraud" : "fine"))
            predecessor.append(score(row.predecessor))
        }
    }

    /// Rows where the versions are right with the probabilities given, independently.
    init(_ count: Int, promoted: Double, predecessor: Double, seed: UInt64) {
        var stream = DriftStream(seed: seed)
        self.init(
            right: (0..<count).map { _ in (stream.uniform() <= promoted, stream.uniform() <= predecessor) })
    }

    /// Regression: the errors of the two versions are normal with the deviations given.
    init(_ count: Int, promotedDeviation: Double, predecessorDeviation: Double, seed: UInt64) {
        var factory = RowFactory(seed: 1)
        var stream = DriftStream(seed: seed)
        for _ in 0..<count {
            let actual = stream.normal()
            let value = actual + stream.normal(deviation: promotedDeviation)
            rows.append(factory.row(body: "\"features\":{\"x\":1},\"value\":\(value)", label: "", value: actual))
            predecessor.append(actual + stream.normal(deviation: predecessorDeviation))
        }
    }

    /// Feeds rows `range` and says what follows.
    func feed(
        _ range: Range<Int>, to comparison: inout ShadowComparison, task: ModelTask = RunFixture.binary,
        now: Int64 = RowFactory.start
    ) throws -> ShadowDecision {
        try comparison.add(Array(rows[range]), task: task) { _, _, asked in
            let scores = Array(predecessor[range]).prefix(asked.count)
            return task == .regression
                ? Predictions(task: task, rowCount: asked.count, probabilities: [], values: Array(scores))
                : Predictions(scores: Array(scores), positive: "fraud")
        }
        return comparison.decide(nowMicroseconds: now)
    }

    /// Feeds all rows, `step` at a time, up to the first decision.
    ///
    /// - Returns: it, and after how many rows it fell.
    func decide(
        _ comparison: inout ShadowComparison, every step: Int = 50, task: ModelTask = RunFixture.binary
    ) throws -> (decision: ShadowDecision, rows: Int) {
        for start in stride(from: 0, to: rows.count, by: step) {
            let end = min(start + step, rows.count)
            let decision = try feed(start..<end, to: &comparison, task: task)
            if decision != .proceed { return (decision, end) }
        }
        return (.proceed, rows.count)
    }
}

extension ShadowComparison {
    init(
        _ metric: PerformanceMetric = .accuracy, margin: Double = 0.02, minimum: Int = 200, maximum: Int = 100_000
    ) {
        self.init(
            model: "fraud", promoted: "2", predecessor: "1",
            settings: ShadowSettings(
                metric: metric, margin: margin, minimumLabels: minimum, maximumLabels: maximum,
                observationMicroseconds: 1_000),
            startMicroseconds: RowFactory.start)
    }
}

extension ShadowDecision {
    var isRollBack: Bool { if case .rollBack = self { true } else { false } }
    var isKeep: Bool { if case .keep = self { true } else { false } }
}
