import Foundation
import Learning
import Testing

@testable import Agent

/// Finite cells whose squares leave the range of a double are missing cells, from the first step of a preparation on.
@Suite struct LargeCellTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    /// A model that learned from a table with such cells.
    private func model(_ change: (inout TrainOptions) -> Void = { _ in }) throws -> PredictOptions {
        var options = try folder.options(TrainFolder.loans(200) + "1e300,web,30,a,1,yes\n-1e250,web,30,b,1,no\n")
        options.trials = 1
        options.outputPath = "\(folder.path)/out"
        change(&options)
        _ = try TrainCommand.train(options, control: TrainingControl())
        var question = PredictOptions(model: "\(folder.path)/out", dataPath: options.dataPath)
        question.isQuiet = true
        question.isJSON = true
        return question
    }

    private func cells() throws -> String {
        try folder.file("income,channel,age\n,web,30\n1e300,web,30\n-1e101,web,30\n", "large.csv")
    }

    @Test func theyArePredictedAsMissingOnes() throws {
        var question = try model()
        question.dataPath = try cells()
        let lines = try PredictCommand.render(question).split(separator: "\n")
        #expect(lines.count == 3 && Set(lines).count == 1 && lines[0].contains("\"score\":0."), "\(lines)")
    }

    /// One of the background rows has such a cell; it would make every mean that it is part of a NaN.
    @Test func theySpoilNoExplanation() throws {
        var question = ExplainOptions(prediction: try model())
        question.backgroundPath = try cells()
        question.rows = 3
        question.format = "json"
        for line in try ExplainCommand.render(question).split(separator: "\n") {
            let root = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let sum = try #require((root["sum"] as? NSNumber)?.doubleValue)
            #expect(sum > 0 && sum < 1)
        }
    }

    @Test func theyHaveACluster() throws {
        var question = try model {
            ($0.task, $0.target, $0.learners, $0.trials) = (.clustering, nil, [], 0)
            ($0.stacks, $0.folds, $0.clusters) = (true, 5, 2)
            $0.excluded = ["paid"]
        }
        question.dataPath = try folder.file(
            "income,channel,age,day\n,web,30,1\n1e300,web,30,1\n", "large.csv")
        let lines = try PredictCommand.render(question).split(separator: "\n")
        #expect(lines.count == 2 && Set(lines).count == 1 && !lines[0].contains("null"), "\(lines)")
    }
}
