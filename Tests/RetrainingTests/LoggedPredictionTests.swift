import Learning
import Registry
import Retraining
import Statistics
import Testing
import Windowing

/// What is taken for the prediction of a version of which only the messages are known.
@Suite struct LoggedPredictionTests {
    private static let classes = ModelTask.multiclass(classes: ["a", "b", "c"])

    private static func rows(_ bodies: [(body: String, label: String)]) -> [LabelledRow] {
        var factory = RowFactory(seed: 1)
        return bodies.map { factory.row(body: "\"features\":{\"x\":1},\($0.body)", label: $0.label) }
    }

    /// How many of the rows count, with a predecessor that is always right.
    private static func counted(
        _ rows: [LabelledRow], metric: PerformanceMetric, task: ModelTask, right: [Double]
    ) throws -> Int {
        // The smallest minimum that is not reached is one more than the rows that count.
        for minimum in 1...rows.count + 1 {
            var comparison = ShadowComparison(metric, margin: 0, minimum: minimum, maximum: minimum)
            try comparison.add(rows, task: task) { _, _, asked in
                Predictions(
                    task: task, rowCount: asked.count,
                    probabilities: asked.flatMap { _ in right }, values: [])
            }
            if comparison.decide(nowMicroseconds: RowFactory.start) == .proceed { return minimum - 1 }
        }
        return rows.count + 1
    }

    /// Nothing was said that can be compared: not the first class.
    @Test func noPredictionIsNoClass() throws {
        let rows = Self.rows([
            (#""label":"a""#, "a"), (#""scores":{"a":0.2,"b":0.5}"#, "a"), (#""label":"elsewhere""#, "a"),
            (#""scores":{"z":1}"#, "a"), (#""score":0.5"#, "a"), (#""scores":{"z":1},"label":"b""#, "a"),
        ])
        #expect(try Self.counted(rows, metric: .accuracy, task: Self.classes, right: [1, 0, 0]) == 3)
    }

    /// A label says nothing of the probability: as 0 or 1 it would lose every comparison of log losses.
    @Test(arguments: [PerformanceMetric.logLoss, .brier]) func labelsAreNoProbabilities(
        metric: PerformanceMetric
    ) throws {
        let labels = Self.rows([(#""label":"fraud""#, "fraud"), (#""label":"fine""#, "fraud")])
        #expect(try Self.counted(labels, metric: metric, task: RunFixture.binary, right: [0.9]) == 0)
        #expect(try Self.counted(labels, metric: .accuracy, task: RunFixture.binary, right: [0.9]) == 2)
        let several = Self.rows([(#""label":"a""#, "a"), (#""scores":{"a":0.4,"b":0.6}"#, "a")])
        #expect(try Self.counted(several, metric: metric, task: Self.classes, right: [1, 0, 0]) == 1)
    }

    /// `scores` instead of `score`: the promoted version says 0.7 and is as good as its predecessor.
    @Test func aBinaryScoreMayStandAmongTheScores() throws {
        let rows = Self.rows(
            (0..<400).map {
                (#""scores":{"fraud":0.7,"fine":0.3},"label":"fraud""#, $0 % 10 < 7 ? "fraud" : "fine")
            })
        var comparison = ShadowComparison(.logLoss, margin: 0.01, maximum: 400)
        try comparison.add(rows, task: RunFixture.binary) { _, _, asked in
            Predictions(scores: asked.map { _ in 0.7 }, positive: "fraud")
        }
        guard case .keep(let text) = comparison.decide(nowMicroseconds: RowFactory.start) else {
            Issue.record("the versions say the same")
            return
        }
        #expect(text.contains("log_loss 0.6109 against 0.6109"))
    }
}
