import Foundation
import FoundationXML
import Testing

@testable import Agent

@Suite struct ExplainCommandTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    private func question(_ learner: String) throws -> ExplainOptions {
        var options = try folder.options(TrainFolder.loans(300))
        options.learners = [learner]
        options.trials = 1
        options.outputPath = "\(folder.path)/\(learner)"
        _ = try train(options)
        var prediction = PredictOptions(model: "\(folder.path)/\(learner)", dataPath: options.dataPath)
        prediction.isQuiet = true
        var question = ExplainOptions(prediction: prediction)
        question.rows = 5
        return question
    }

    /// Contributions add up to the prediction: to its log-odds of trees, to itself of other models.
    @Test(arguments: ["boosted_trees", "linear"]) func sumsAreThePredictions(_ learner: String) throws {
        var question = try question(learner)
        question.format = "json"
        let lines = try ExplainCommand.render(question).split(separator: "\n")
        #expect(lines.count == 5)
        question.prediction.isJSON = true
        let scores = try PredictCommand.render(question.prediction).split(separator: "\n")
        for (line, said) in zip(lines, scores) {
            let root = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let sum = try #require((root["sum"] as? NSNumber)?.doubleValue)
            let parts = try #require(root["contributions"] as? [String: NSNumber])
            let base = try #require((root["base"] as? NSNumber)?.doubleValue)
            #expect(abs(parts.values.reduce(base) { $0 + $1.doubleValue } - sum) < 1e-6)
            let row = try #require(try JSONSerialization.jsonObject(with: Data(said.utf8)) as? [String: Any])
            let score = try #require((row["score"] as? NSNumber)?.doubleValue)
            let expected = learner == "linear" ? score : log(score / (1 - score))
            #expect(abs(sum - expected) < 1e-4)
        }
    }

    @Test func textAndPage() throws {
        var question = try question("boosted_trees")
        #expect(try ExplainCommand.render(question).contains("income"))
        question.format = "html"
        #expect(XMLParser(data: Data(try ExplainCommand.render(question).utf8)).parse())
        question.output = "maybe"
        #expect(stop { _ = try ExplainCommand.render(question) }?.message?.contains("--class") == true)
        question.rows = 0
        #expect(stop { _ = try ExplainCommand.render(question) }?.exitCode == 2)
    }

    /// A feature that the table has no column for counts as missing, as in a prediction.
    @Test(arguments: ["boosted_trees", "linear"]) func absentColumnsAreMissing(_ learner: String) throws {
        var question = try question(learner)
        question.prediction.dataPath = try folder.file("channel,age\nweb,30\npartner,40\n", "absent.csv")
        question.prediction.isJSON = true
        question.format = "json"
        #expect(try ExplainCommand.render(question).split(separator: "\n").count == 2)
        #expect(try PredictCommand.render(question.prediction).split(separator: "\n").count == 2)
        question.format = "html"
        #expect(XMLParser(data: Data(try ExplainCommand.render(question).utf8)).parse())
    }
}
