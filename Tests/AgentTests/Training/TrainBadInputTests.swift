import Foundation
import Learning
import Testing

@testable import Agent

/// What nothing can be learned from: exit code 2, and a message that says what and where.
@Suite struct TrainBadInputTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    private func message(_ text: String, _ change: (inout TrainOptions) -> Void = { _ in }) throws -> String {
        var options = try folder.options(text)
        change(&options)
        let found = stop { _ = try train(options) }
        #expect(found?.exitCode == 2)
        return found?.message ?? ""
    }

    @Test func tables() throws {
        let rows = (0..<50).map { "\($0),yes\n" }.joined()
        #expect(try message("x,paid\n" + rows).contains("\"yes\" in every row"))
        #expect(try message("x,paid\n1,yes\n2,no\n3,yes\n").contains("folds"))
        #expect(try message("x,x,paid\n1,2,yes\n3,4,no\n").contains("x"))
        #expect(try message("x,paid\n1,yes\n2,no,3\n").contains(":3: the row has 3 cells"))
        #expect(try message("").contains("empty"))
        #expect(try message("x,paid\n1,\n2,\n").contains("missing"))
        let constant = (0..<50).map { "1,,\($0 % 2)\n" }.joined()
        #expect(try message("x,y,paid\n" + constant).contains("no column is left"))
    }

    @Test func options() throws {
        let text = TrainFolder.loans(100)
        #expect(try message(text) { $0.target = "payd" }.contains("did you mean \"paid\"?"))
        #expect(try message(text) { $0.excluded = ["x"] }.contains("--exclude"))
        #expect(try message(text) { $0.learners = ["magic"] }.contains("boosted_trees, linear"))
        #expect(try message(text) { $0.metric = "rmse" }.contains("no metric of this task"))
        #expect(try message(text) { $0.positive = "maybe" }.contains("maybe"))
        #expect(try message(text) { $0.folds = 1 }.contains("--folds"))
        #expect(try message(text) { $0.holdout = 1 }.contains("--holdout"))
        #expect(try message(text) { $0.registers = true }.contains("--register needs --model"))
        #expect(try message(text) { $0.calibration = "magic" }.contains("--calibrate"))
        #expect(try message(text) { $0.task = .ranking }.contains("docs/training.md"))
        #expect(try message(text) { $0.time = "channel" }.contains("time column"))
        let other = try folder.file("mine", "precious")
        #expect(try message(text) { $0.outputPath = other }.contains("is there already"))
    }

    @Test func infiniteCellsAndUnseenCategoriesAreDefined() throws {
        var text = TrainFolder.loans(200)
        text += "inf,web,30,a,1,yes\n-inf,web,30,b,1,no\n"
        var options = try folder.options(text)
        options.outputPath = "\(folder.path)/out"
        options.learners = ["boosted_trees", "linear"]
        options.trials = 2
        _ = try train(options)
        let rows = try folder.file("income,channel,age\n0.5,never seen,30\n,,\n", "unseen.csv")
        var question = PredictOptions(model: "\(folder.path)/out", dataPath: rows)
        question.isQuiet = true
        question.isJSON = true
        let lines = try PredictCommand.render(question).split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.contains("\"score\":0.") })
    }
}
