import Learning
import Statistics
import Testing

/// Worked by hand.
@Suite struct EvaluationTests {
    @Test func binary() throws {
        let predictions = Predictions(scores: [0.9, 0.6, 0.4, 0.2, .nan, 0.5], positive: "1")
        let labels = TableColumn(name: "t", numbers: [1, 0, 1, 0, 1, .nan])
        let evaluation = try Evaluation.evaluate(predictions, labels: labels)
        #expect(evaluation.rows == 4)
        #expect(evaluation.rowsLeftOut == 2)
        #expect(evaluation[.accuracy] == 0.5)
        #expect(evaluation[.precision] == 0.5)
        #expect(evaluation[.recall] == 0.5)
        #expect(evaluation[.f1] == 0.5)
        #expect(evaluation[.rocAUC] == 0.75)
        #expect(abs((evaluation[.brier] ?? 0) - (0.01 + 0.36 + 0.36 + 0.04) / 4) < 1e-12)
        // −(ln 0.9 + ln 0.4 + ln 0.4 + ln 0.8) / 4
        #expect(abs((evaluation[.logLoss] ?? 0) - 0.5402) < 1e-4)
        #expect(evaluation[.mae] == nil)
    }

    @Test func oneClassHasNoROC() throws {
        let evaluation = try Evaluation.evaluate(
            Predictions(scores: [0.9, 0.6], positive: "1"), labels: TableColumn(name: "t", numbers: [1, 1]))
        #expect(evaluation[.rocAUC] == nil)
        #expect(evaluation[.accuracy] == 1)
    }

    @Test func multiclass() throws {
        let task = ModelTask.multiclass(classes: ["a", "b"])
        let predictions = Predictions(
            task: task, rowCount: 4, probabilities: [0.75, 0.25, 0.25, 0.75, 0.25, 0.75, 0.5, 0.5], values: [])
        let labels = TableColumn(name: "t", texts: ["a", "b", "a", "else"])
        let evaluation = try Evaluation.evaluate(predictions, labels: labels)
        #expect(evaluation.rows == 3)
        #expect(abs((evaluation[.accuracy] ?? 0) - 2.0 / 3) < 1e-12)
        // Precision of a 1, of b 1/2; recall of a 1/2, of b 1; F1 2/3 each.
        #expect(abs((evaluation[.precision] ?? 0) - 0.75) < 1e-12)
        #expect(abs((evaluation[.recall] ?? 0) - 0.75) < 1e-12)
        #expect(abs((evaluation[.f1] ?? 0) - 2.0 / 3) < 1e-12)
        // −(ln 0.75 + ln 0.75 + ln 0.25) / 3
        #expect(abs((evaluation[.logLoss] ?? 0) - 0.65388) < 1e-5)
    }

    @Test func regression() throws {
        let predictions = Predictions(task: .regression, rowCount: 3, probabilities: [], values: [1, 2, 5])
        let labels = TableColumn(name: "t", numbers: [1, 2, 3])
        let evaluation = try Evaluation.evaluate(predictions, labels: labels)
        #expect(abs((evaluation[.mae] ?? 0) - 2.0 / 3) < 1e-12)
        #expect(abs((evaluation[.rmse] ?? 0) - (4.0 / 3).squareRoot()) < 1e-12)
        #expect(abs((evaluation[.r2] ?? 0) - (-1)) < 1e-12)
        let short = TableColumn(name: "t", numbers: [1])
        #expect(learningError { _ = try Evaluation.evaluate(predictions, labels: short) }?.code == .unequalColumns)
    }
}
