import Foundation
import Learning
import Testing
import TidewatchTestKit

@testable import Agent

/// What nothing can be learned from: exit code 2, and a message that says what and where.
@Suite struct TrainBadInputTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    private func message(_ text: String, _ change: (inout TrainOptions) -> Void = { _ in }) throws -> String {
        var options = try folder.options(text)
        change(&options)
        options.outputPath = options.outputPath ?? "\(folder.path)/never"
        let found = stop { _ = try TrainCommand.train(options, control: TrainingControl()) }
        #expect(found?.exitCode == 2)
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/never"))
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
        #expect(try message(text) { $0.time = "channel" }.contains("time column"))
        let other = try folder.file("mine", "precious")
        #expect(try message(text) { $0.outputPath = other }.contains("is there already"))
    }

    @Test func whatATaskHasNoUseFor() throws {
        let text = TrainFolder.loans(100)
        #expect(try message(text) { $0.target = nil }.contains("only --task clustering has none"))
        #expect(try message(text) { $0.clusters = 3 }.contains("--clusters has no meaning with --task auto"))
        #expect(try message(text) { $0.places = 3 }.contains("--places has no meaning"))
        func ranking(_ change: (inout TrainOptions) -> Void) throws -> String {
            try message(text) {
                ($0.task, $0.target, $0.group, $0.learners, $0.stacks) = (.ranking, "age", "day", [], true)
                change(&$0)
            }
        }
        #expect(try ranking { $0.group = nil }.contains("needs --group"))
        #expect(try ranking { $0.target = nil }.contains("needs --target"))
        #expect(try ranking { $0.target = "paid" }.contains("holds text"))
        #expect(try ranking { $0.target = "income" }.contains("Relevance is a finite number of 0 or more"))
        #expect(try ranking { $0.learners = ["linear"] }.contains("LambdaMART"))
        #expect(try ranking { $0.metric = "roc_auc" }.contains("ndcg, mrr, map"))
        #expect(try ranking { $0.weight = "age" }.contains("--weight has no meaning with --task ranking"))
        #expect(try ranking { $0.time = "day" }.contains("--time has no meaning"))
        #expect(try ranking { $0.calibration = "platt" }.contains("--calibrate has no meaning"))
        #expect(try ranking { $0.places = 0 }.contains("--places"))
        // Two lists are too few for a hold-out and three folds.
        #expect(try ranking { $0.group = "channel" }.contains("groups"))
        func clusters(_ change: (inout TrainOptions) -> Void) throws -> String {
            try message(text) {
                ($0.task, $0.target, $0.learners, $0.trials) = (.clustering, nil, [], 0)
                ($0.stacks, $0.folds) = (true, 5)
                change(&$0)
            }
        }
        #expect(try clusters { $0.target = "paid" }.contains("has no --target"))
        #expect(try clusters { $0.trials = 5 }.contains("--tune has no meaning with --task clustering"))
        #expect(try clusters { $0.holdout = 0.3 }.contains("--holdout has no meaning"))
        #expect(try clusters { $0.group = "channel" }.contains("--group has no meaning"))
        #expect(try clusters { $0.clusters = 1 }.contains("--clusters is 2 to 1,024"))
        #expect(try clusters { $0.clusters = 101 }.contains("100 rows for 101 clusters"))
        #expect(try clusters { ($0.clusters, $0.maximumClusters) = (3, 9) }.contains("give one of them"))
        #expect(try clusters { $0.weight = "income" }.contains("A weight must be a finite number"))
    }

    /// Options that depend on what the target holds, whether the task was asked for or found.
    @Test func whatATargetHasNoUseFor() throws {
        func rows(_ target: (Int) -> String) -> String {
            "x,y\n" + (0..<90).map { "\($0 % 7),\(target($0))\n" }.joined()
        }
        let classes = rows { ["a", "b", "c"][$0 % 3] }
        let numbers = rows { "\(Double($0) * 0.5)" }
        func message(_ text: String, _ change: (inout TrainOptions) -> Void) throws -> String {
            try self.message(text) {
                $0.target = "y"
                change(&$0)
            }
        }
        for task in [TrainOptions.Task.auto, .regression] {
            #expect(
                try message(numbers) { ($0.task, $0.calibration) = (task, "platt") }.hasPrefix(
                    "--calibrate has no meaning with"))
            #expect(
                try message(numbers) { ($0.task, $0.costs) = (task, [0, -1, -5, 1]) }.hasPrefix(
                    "--cost has no meaning with"))
            #expect(
                try message(numbers) { ($0.task, $0.positive) = (task, "0.5") }.hasPrefix(
                    "--positive has no meaning with"))
        }
        for task in [TrainOptions.Task.auto, .multiclass] {
            #expect(
                try message(classes) { ($0.task, $0.costs) = (task, [0, -1, -5, 1]) }.hasPrefix(
                    "--cost has no meaning with"))
            #expect(
                try message(classes) { ($0.task, $0.positive) = (task, "a") }.hasPrefix(
                    "--positive has no meaning with"))
        }
        for change: (inout TrainOptions) -> Void in [
            { $0.excluded = ["y"] }, { $0.kept = ["y"] }, { $0.protected = ["y"] },
        ] {
            #expect(try message(classes, change).contains(" names \"y\", which is the target"))
        }
    }

    /// A threshold is a share of 0 to 1, and only a model of two classes has one.
    @Test func thresholdsThatMeanNothing() throws {
        var options = try folder.options(TrainFolder.loans(200))
        options.trials = 1
        options.outputPath = "\(folder.path)/two"
        _ = try train(options)
        var question = PredictOptions(model: "\(folder.path)/two", dataPath: options.dataPath)
        question.isQuiet = true
        for threshold in [-0.1, 1.1, .nan, .infinity] {
            question.threshold = threshold
            #expect(
                stop { _ = try PredictCommand.render(question) }?.message?.hasPrefix("--threshold is 0 to 1") == true)
        }
        question.threshold = 1
        #expect(try PredictCommand.render(question).hasPrefix("prediction,score\n"))
        options.target = "income"
        options.outputPath = "\(folder.path)/number"
        _ = try train(options)
        question.model = "\(folder.path)/number"
        question.threshold = 0.5
        #expect(
            stop { _ = try PredictCommand.render(question) }?.message?.contains("--threshold has no meaning") == true)
    }

    /// Bytes that are no UTF-8 are said with their line, in cells as in names.
    @Test(arguments: ["caf\u{E9}", "UTF-16"]) func wrongEncodings(_ kind: String) throws {
        let text = "name,paid\n" + (0..<50).map { "\($0 % 7 == 3 ? "caf\u{E9}" : "tea"),\($0 % 2)\n" }.joined()
        let path = "\(folder.path)/encoded.csv"
        let encoding: String.Encoding = kind == "UTF-16" ? .utf16 : .isoLatin1
        try #require(text.data(using: encoding)).write(to: URL(fileURLWithPath: path))
        var options = TrainOptions(dataPath: path, target: "paid")
        options.isQuiet = true
        let found = stop { _ = try TrainCommand.train(options, control: TrainingControl()) }
        #expect(found?.exitCode == 2 && found?.message?.contains("UTF-") == true, "\(found?.message ?? "nothing")")
    }

    /// Columns that hold nothing are left out; what is not there any more when the model serves counts as missing.
    @Test func emptyColumnsAndAbsentOnesAreDefined() throws {
        let lines = TrainFolder.loans(200).split(separator: "\n").enumerated().map { row, line in
            row == 0 ? "nothing,same,\(line)" : ",7,\(line)"
        }
        var options = try folder.options(lines.joined(separator: "\n") + "\n")
        options.trials = 1
        options.outputPath = "\(folder.path)/out"
        #expect(try train(options).leftOut.map(\.column) == ["nothing", "same", "serial"])
        var question = PredictOptions(
            model: "\(folder.path)/out", dataPath: try folder.file("other\n1\n2\n", "other.csv"))
        question.isQuiet = true
        #expect(try PredictCommand.render(question).split(separator: "\n").count == 3)
        question.dataPath = try folder.file("income,channel\n", "none.csv")
        #expect(try PredictCommand.render(question) == "prediction,score\n")
        question.dataPath = try folder.file("income,income\n1,2\n", "twice.csv")
        #expect(stop { _ = try PredictCommand.render(question) }?.exitCode == 2)
        question.dataPath = "\(folder.path)/absent.csv"
        #expect(stop { _ = try PredictCommand.render(question) }?.exitCode == 2)
    }

    /// An infinite target is none; its row is left out.
    @Test func infiniteTargets() throws {
        let rows = (0..<100).map { "\($0 % 10),\($0 == 5 ? "inf" : "\(Double($0 % 10) * 1.5)")\n" }
        var options = try folder.options("x,y\n" + rows.joined(), target: "y")
        options.trials = 1
        let report = try train(options)
        #expect(report.trainingRows + report.holdoutRows == 99)
    }

    /// Text where a number is to be predicted is left out and said; where it is the greater part, nothing is learned.
    @Test func textInANumericTarget() throws {
        func rows(_ target: (Int) -> String) -> String {
            "x,y\n" + (1...200).map { "\($0 % 10),\(target($0))\n" }.joined()
        }
        func number(_ row: Int) -> String { "\(Double(row % 10) * 1.5)" }
        // Missing cells and infinities are no text.
        let text = rows { row in
            switch row {
            case 7, 90, 151: "n. a.\(row)"
            case 5: ""
            case 6: "inf"
            default: number(row)
            }
        }
        var options = try folder.options(text, target: "y")
        options.task = .regression
        options.trials = 1
        let report = try train(options)
        #expect(report.trainingRows + report.holdoutRows == 195)
        let sentence =
            "the target \"y\" holds text in 3 of 199 rows, and they are left out; the first is \"n. a.7\" in row 7."
        #expect(report.warnings.first == sentence)
        #expect(report.text().contains("warning: \(sentence)\n"))
        #expect(report.card.markdown().contains(sentence))
        func message(_ text: String) throws -> String {
            try self.message(text) { ($0.target, $0.task) = ("y", .regression) }
        }
        let half = rows { $0 <= 100 ? "text" : number($0) }
        options.dataPath = try folder.file(half, "half.csv")
        #expect(try train(options).warnings.first?.contains("text in 100 of 200 rows") == true)
        let more = rows { $0 <= 101 ? "text" : number($0) }
        #expect(
            try message(more).hasPrefix(
                "the target \"y\" holds text in 101 of 200 rows, the first \"text\" in row 1"))
        options.dataPath = try folder.file(rows(number), "numbers.csv")
        #expect(try train(options).warnings.allSatisfy { !$0.contains("text") })
    }

    /// Cells that no learner takes are said once, with their row of the table: folds and hold-out have rows of their own.
    @Test func badCellsAreSaidWithTheirRow() throws {
        func lines(_ header: String, _ line: (Int) -> String) -> String {
            header + "\n" + (1...200).map { line($0) + "\n" }.joined()
        }
        let weighted = lines("x,w,paid") { "\($0 % 7),\($0 == 151 ? -1 : 1),\($0 % 2)" }
        #expect(try message(weighted) { $0.weight = "w" }.hasPrefix("the weight \"w\" is \"-1\" in row 151"))
        let nothing = lines("x,w,paid") { "\($0 % 7),0,\($0 % 2)" }
        #expect(try message(nothing) { $0.weight = "w" }.hasPrefix("all 200 rows weigh 0"))
        let target = lines("x,paid") { "\($0 % 7),\($0 == 151 ? "1e300" : "\(Double($0 % 9) + 0.5)")" }
        #expect(try message(target).hasPrefix("the target \"paid\" is \"1e+300\" in row 151"))
        for value in ["-2", "1e300"] {
            let relevance = lines("x,list,paid") { "\($0 % 7),\($0 / 5),\($0 == 151 ? value : "\($0 % 3)")" }
            let found = try message(relevance) {
                ($0.task, $0.group, $0.learners, $0.stacks) = (.ranking, "list", [], true)
            }
            #expect(found.contains("in row 151") && !found.contains("trials"), "\(found)")
        }
    }

    /// Many more columns than rows: the linear learner gives up with a reason, the trees are found in time that does not
    /// grow with the square of the columns.
    @Test func manyColumns() throws {
        let columns = 5_000
        var stream = DriftStream(seed: 2)
        var text = (0..<columns).map { "c\($0)" }.joined(separator: ",") + ",y\n"
        for row in 0..<24 {
            text += (0..<columns).map { _ in "\(Int(stream.uniform() * 8))" }.joined(separator: ",") + ",\(row % 2)\n"
        }
        var options = try folder.options(text, target: "y")
        options.learners = []
        options.folds = 2
        options.trials = 3
        options.hasLearningCurve = false
        options.outputPath = "\(folder.path)/wide"
        let report = try train(options)
        #expect(report.learner == "boosted_trees")
        #expect(report.trials.last?.reason?.contains("coefficients") == true)
        var question = PredictOptions(model: "\(folder.path)/wide", dataPath: options.dataPath)
        question.isQuiet = true
        #expect(try PredictCommand.render(question).split(separator: "\n").count == 25)
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
