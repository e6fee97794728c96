import Events
import Foundation
import Learning
import Registry
import Retraining
import Statistics
import Testing
import Windowing

@testable import Agent

/// What `train --register` made serves in the agent: in its shadow comparison, and as the champion of a retraining.
@Suite struct TrainedShadowTests {
    private let folder: TrainFolder
    private static let task = ModelTask.binary(positive: "yes")

    init() throws { folder = try TrainFolder() }

    /// The loans as production logs them, scored by a version that says the contrary of what happens.
    private func rows(_ text: String) -> [LabelledRow] {
        text.split(separator: "\n").dropFirst().enumerated().map { index, line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            let time = 1_767_225_600_000_000 + Int64(index) * 1_000_000
            let wrong = cells[5] == "yes" ? 0.2 : 0.8
            let message = """
                {"kind":"prediction","id":"p\(index)","time":\(time),"model":"loans","version":"2","features":\
                {"income":\(cells[0]),"channel":"\(cells[1])","age":\(cells[2]),"serial":"\(cells[3])","day":\(cells[4])},\
                "score":\(wrong)}
                """
            return LabelledRow(
                identifier: EventIdentifier(hashing: "p\(index)"), predictionMicroseconds: time,
                joinedMicroseconds: time + 1, recordMicroseconds: time, version: "2", message: Array(message.utf8),
                label: String(cells[5]), value: nil)
        }
    }

    /// A preparation and a linear model, calibrated: models inside models.
    private func trained(_ text: String) throws -> (options: TrainOptions, registry: ModelRegistry) {
        var options = try folder.options(text)
        options.trials = 2
        options.calibration = "platt"
        options.model = "loans"
        options.registers = true
        options.stateDirectory = "\(folder.path)/state"
        _ = try train(options)
        return (options, try StateDirectory(path: "\(folder.path)/state").registry)
    }

    @Test func aPipelineScoresRowsInShadow() throws {
        let text = TrainFolder.loans(400)
        let (options, registry) = try trained(text)
        let rows = rows(text)
        let scorer = ShadowScorer(registry: registry)
        let said = try scorer.score(model: "loans", version: "1", rows: rows)
        var question = PredictOptions(model: "loans@1", dataPath: options.dataPath)
        question.stateDirectory = options.stateDirectory
        question.isQuiet = true
        let lines = try PredictCommand.render(question).split(separator: "\n").dropFirst()
        #expect(said.alignment == AlignmentCounts() && said.rowCount == lines.count)
        for (line, score) in zip(lines, said.probabilities) { #expect(line.hasSuffix(",\(score)")) }
        // The version that serves is wrong everywhere, and its predecessor is the pipeline.
        var comparison = ShadowComparison(
            model: "loans", promoted: "2", predecessor: "1",
            settings: ShadowSettings(
                metric: .accuracy, margin: 0.02, minimumLabels: 200, maximumLabels: 10_000,
                observationMicroseconds: .max), startMicroseconds: 0)
        try comparison.add(rows, task: Self.task, scorer: scorer.score)
        guard case .rollBack(let reason) = comparison.decide(nowMicroseconds: 1) else {
            Issue.record("the pipeline is better by far")
            return
        }
        #expect(reason.contains("of its predecessor v1 on the same 400 rows"))
    }

    @Test func aPipelineIsTheChampionOfARetraining() throws {
        let text = TrainFolder.loans(400)
        let (_, registry) = try trained(text)
        try registry.promote(model: "loans", version: "1", reason: "test", now: 0)
        let run = RetrainingRun(
            settings: RetrainingSettings(
                task: Self.task, holdout: 0.25, metric: .rocAUC, minimumGain: 0.5,
                parameters: BoostingParameters(rounds: 5)), registry: registry)
        let outcome = run.execute(model: "loans", rows: rows(text), champion: "1", trigger: "schedule", now: 1)
        guard case .rejected(let record, let champion, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect((champion ?? 0) > 0.7 && record.lineage.parent == "1")
    }

    /// Clusters predict no target: whoever asks them in shadow is told so.
    @Test func clustersDoNotServeInShadow() throws {
        let text = TrainFolder.loans(100)
        var options = TrainOptions(dataPath: try folder.file(text), target: nil)
        (options.task, options.isQuiet, options.clusters) = (.clustering, true, 2)
        (options.model, options.registers, options.stateDirectory) = ("loans", true, "\(folder.path)/state")
        _ = try TrainCommand.train(options, control: TrainingControl())
        let scorer = ShadowScorer(registry: try StateDirectory(path: "\(folder.path)/state").registry)
        let error = #expect(throws: LearningError.self) {
            try scorer.score(model: "loans", version: "1", rows: Array(rows(text).prefix(3)))
        }
        #expect(error?.code == .unsupportedModel && error?.message.contains("clustering") == true)
    }
}
