import Learning
import Statistics
import Testing

@testable import Agent

/// Decisions are judged by the threshold that `--cost` found, in the cross-validation as on the hold-out.
@Suite struct TrainThresholdTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    private func report(_ costs: [Double]?, _ change: (inout TrainOptions) -> Void = { _ in }) throws -> TrainReport {
        var options = try folder.options(TrainFolder.loans(300))
        options.costs = costs
        options.hasLearningCurve = false
        change(&options)
        return try train(options)
    }

    private func mean(_ name: String, _ report: TrainReport) throws -> Double {
        try #require(report.validation.first { $0.name == name }).mean
    }

    /// Where a right decision is worth 1 and a wrong one nothing, the value of the threshold is the accuracy by it.
    @Test(arguments: ["none", "platt"]) func theValueOfTheThresholdIsThatOfItsDecisions(_ calibration: String) throws {
        let found = try report([1, 0, 0, 1]) { $0.calibration = calibration }
        let value = try #require(found.threshold?.value.value)
        // 240 rows are three folds of 80.
        #expect(found.trainingRows == 240)
        #expect(abs(try mean("accuracy", found) - value) < 1e-12)
    }

    @Test func decisionsAloneChange() throws {
        let (plain, careful) = (try report(nil), try report([0, -1, -20, 0]))
        #expect(try #require(careful.threshold).threshold < 0.4)
        #expect(try mean("recall", careful) > mean("recall", plain) + 0.05)
        for name in ["roc_auc", "log_loss", "brier"] {
            #expect(try mean(name, careful) == mean(name, plain), "\(name)")
        }
        let note = try #require(careful.thresholdNote)
        #expect(careful.text().contains("\n\(note)\n") && careful.card.markdown().contains(note))
        #expect(plain.thresholdNote == nil)
    }
}
