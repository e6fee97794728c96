import Foundation
import FoundationXML
import Learning
import Registry
import Statistics
import Testing
import TidewatchTestKit

@testable import Agent

/// A folder of its own, gone with the test.
final class TrainFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "train-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ text: String, _ name: String = "data.csv") throws -> String {
        try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        return "\(path)/\(name)"
    }

    func contents(_ name: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)")
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)/\($0)")))
            })
    }

    /// Flips a bit of the artifact in a training's folder; gives its path.
    func damage(_ name: String) throws -> String {
        let path = "\(path)/\(name)/model.tide"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Loans that are paid back more often with a high income, and less often through the partner.
    static func loans(_ rows: Int, leak: Bool = false) -> String {
        var stream = DriftStream(seed: 8)
        var text = "income,channel,age,serial,day,paid" + (leak ? ",fee" : "") + "\n"
        for row in 0..<rows {
            let income = stream.normal(mean: 0, deviation: 1)
            let isPartner = stream.uniform() < 0.3
            let chance = 1 / (1 + exp(-1.5 * income + (isPartner ? 1.5 : 0)))
            let isPaid = stream.uniform() < chance
            text +=
                "\(income),\(isPartner ? "partner" : "web"),\(20 + row % 50),s\(row),\(row / 10),\(isPaid ? "yes" : "no")"
            text += leak ? ",\(isPaid ? 0 : 25)\n" : "\n"
        }
        return text
    }

    func options(_ text: String, target: String? = "paid") throws -> TrainOptions {
        var options = TrainOptions(dataPath: try file(text), target: target)
        options.isQuiet = true
        options.trials = 4
        options.folds = 3
        options.stacks = false
        options.learners = ["linear"]
        return options
    }
}

/// The report of a training with a hold-out.
@discardableResult
func train(_ options: TrainOptions, isCancelled: @escaping @Sendable () -> Bool = { false }) throws -> TrainReport {
    try #require(
        try TrainCommand.train(options, control: TrainingControl(isCancelled: isCancelled)) as? TrainReport)
}

func stop(_ body: () throws -> Void) -> CommandStop? {
    do {
        try body()
        return nil
    } catch {
        return error as? CommandStop
    }
}

@Suite struct TrainCommandTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    @Test func sameSeedSameBytes() throws {
        var options = try folder.options(TrainFolder.loans(400))
        options.learners = ["boosted_trees", "linear"]
        options.segments = ["channel"]
        options.protected = ["channel"]
        options.stacks = true
        options.calibration = "platt"
        options.costs = [0, -1, -5, 1]
        for name in ["one", "two"] {
            options.outputPath = "\(folder.path)/\(name)"
            _ = try train(options)
        }
        let (one, two) = (try folder.contents("one"), try folder.contents("two"))
        #expect(one == two)
        let always = [
            "model.tide", "reference.json", "report.json", "metrics.json", "card.md", "card.html", "trials.jsonl",
        ]
        #expect(Set(one.keys).isSuperset(of: always))
        let card = String(decoding: try #require(one["card.md"]), as: UTF8.self)
        for title in [
            "Purpose", "Data", "Model", "How good it is", "What more rows would bring", "Segments", "Fairness",
            "Limits",
            "How to roll back",
        ] {
            #expect(card.contains("\n## \(title)\n"), "\(title)")
        }
        #expect(XMLParser(data: try #require(one["card.html"])).parse())
        options.seed = 1
        options.outputPath = "\(folder.path)/three"
        _ = try train(options)
        #expect(try folder.contents("three") != one)
    }

    @Test func jsonIsThatOfTheContract() throws {
        let report = try train(try folder.options(TrainFolder.loans(300)))
        let text = try report.json(hasSeconds: true)
        let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(root["task"] as? String == "binary")
        let best = try #require(root["best"] as? [String: Any])
        #expect(best["learner"] as? String == "linear")
        #expect((best["parameters"] as? [String: Any])?["penalty"] is NSNumber)
        let fold = try #require((root["validation"] as? [String: [String: Any]])?["roc_auc"])
        #expect(fold["mean"] is NSNumber && fold["sd"] is NSNumber)
        let holdout = try #require((root["holdout"] as? [String: [String: NSNumber]])?["roc_auc"])
        let (low, value, high) = (
            try #require(holdout["low"]), try #require(holdout["value"]), try #require(holdout["high"])
        )
        #expect(low.doubleValue < value.doubleValue && value.doubleValue < high.doubleValue)
        #expect(value.doubleValue > 0.7)
        #expect(root["trials"] as? Int == 4 && root["seconds"] is NSNumber)
        let left = try #require(root["left_out"] as? [[String: String]])
        #expect(left.map { $0["column"] } == ["serial"])
        #expect(report.text().contains("roc_auc"))
    }

    @Test func aTargetThatLeaksIsWarnedOf() throws {
        var options = try folder.options(TrainFolder.loans(400, leak: true))
        options.learners = ["boosted_trees"]
        options.trials = 1
        let warnings = try train(options).warnings
        #expect(warnings.contains { $0.contains("\"fee\" alone reaches roc_auc") })
        options.excluded = ["fee"]
        #expect(try train(options).warnings.allSatisfy { !$0.contains("fee") })
        #expect(try train(options).leftOut.map(\.column) == ["serial", "fee"])
    }

    @Test func columnsThatNameTheirRowsAreLeftOut() throws {
        var text = "n,USER_ID," + TrainFolder.loans(200)
        text = text.split(separator: "\n").enumerated().map { row, line in
            row == 0 ? String(line) : "\(row),\((row * 37) % 200 + 1_000_000),\(line)"
        }.joined(separator: "\n")
        var options = try folder.options(text + "\n")
        options.trials = 1
        let report = try train(options)
        #expect(report.leftOut.map(\.column) == ["n", "USER_ID", "serial"])
        #expect(report.text().contains("left out: n, it counts the rows; --keep learns from it"))
        #expect(try report.json(hasSeconds: false).contains("it looks like an identifier"))
        options.kept = ["n", "serial"]
        let kept = try train(options)
        #expect(kept.leftOut.map(\.column) == ["USER_ID"])
        #expect(kept.features.contains("n") && kept.features.contains("serial"))
        options.excluded = ["n"]
        #expect(stop { try train(options) }?.message?.contains("--keep and --exclude") == true)
    }

    @Test func theCardShowsWhatMoreRowsWouldBring() throws {
        var options = try folder.options(TrainFolder.loans(400))
        options.trials = 2
        options.outputPath = "\(folder.path)/out"
        let report = try train(options)
        let curve = try #require(report.curve)
        // Of 320 rows to learn from three folds learn from 213 each.
        #expect(curve.points.map(\.rows) == [21, 53, 107, 160, 213])
        let validation = try #require(report.validation.first { $0.name == "roc_auc" })
        let last = try #require(curve.points.last)
        #expect(abs(last.mean - validation.mean) < 1e-12)
        let card = String(decoding: try #require(try folder.contents("out")["card.html"]), as: UTF8.self)
        #expect(card.contains("roc_auc (up) by rows learned from"))
        #expect(try report.json(hasSeconds: false).contains("\"learning_curve\""))
        options.hasLearningCurve = false
        let without = try train(options)
        #expect(without.curve?.points.isEmpty == true && without.curve?.sentence?.contains("not asked for") == true)
    }

    @Test func holdOutByTimeIsNewer() throws {
        var options = try folder.options(TrainFolder.loans(400))
        options.time = "day"
        let report = try train(options)
        #expect(report.holdoutRows == 80 && report.trainingRows == 320)
        #expect(!report.features.contains("day") && report.splitNote.contains("newest"))
    }

    @Test func cancelledLeavesNothing() throws {
        var options = try folder.options(TrainFolder.loans(300))
        options.outputPath = "\(folder.path)/out"
        options.model = "loans"
        options.registers = true
        options.stateDirectory = "\(folder.path)/state"
        for after in [0, 1, 7, 20] {
            let calls = CallCount()
            let found = stop { _ = try train(options, isCancelled: { calls.next() > after }) }
            #expect(found?.exitCode == 1, "after \(after)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["data.csv"])
    }

    @Test func aSearchIsTakenUpAgain() throws {
        var options = try folder.options(TrainFolder.loans(300))
        options.trials = 6
        options.outputPath = "\(folder.path)/whole"
        _ = try train(options)
        options.studyPath = "\(folder.path)/study.jsonl"
        options.outputPath = nil
        options.trials = 3
        _ = try train(options)
        // A crash tore the third trial's line.
        var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/study.jsonl"))
        bytes.removeLast(9)
        try bytes.write(to: URL(fileURLWithPath: "\(folder.path)/study.jsonl"))
        options.trials = 6
        options.outputPath = "\(folder.path)/again"
        _ = try train(options)
        #expect(try folder.contents("whole") == folder.contents("again"))
        options.seed = 5
        #expect(stop { _ = try train(options) }?.message?.contains("another search") == true)
    }

    @Test func registeredAndServed() throws {
        var options = try folder.options(TrainFolder.loans(300))
        options.model = "loans"
        options.registers = true
        options.stateDirectory = "\(folder.path)/state"
        let report = try train(options)
        #expect(report.version == "1")
        #expect(try folder.contents("state/training/loans@1")["card.html"] != nil)
        let record = try StateDirectory(path: "\(folder.path)/state").registry.version("1", of: "loans")
        #expect(record.lineage.trigger == "train" && record.lineage.parameters["learner"] == "linear")
        var question = PredictOptions(model: "loans@1", dataPath: options.dataPath)
        question.stateDirectory = options.stateDirectory
        question.isQuiet = true
        let fromRegistry = try PredictCommand.render(question)
        question.model = "\(folder.path)/state/training/loans@1"
        #expect(try PredictCommand.render(question) == fromRegistry)
        let lines = fromRegistry.split(separator: "\n")
        #expect(lines.count == 301 && lines[0] == "prediction,score")
        question.model = "loans@9"
        #expect(stop { _ = try PredictCommand.render(question) }?.exitCode == 2)
    }

    @Test func theChampionIsComparedWith() throws {
        var options = try folder.options(TrainFolder.loans(400))
        options.model = "loans"
        options.registers = true
        options.stateDirectory = "\(folder.path)/state"
        options.excluded = ["income"]
        #expect(try train(options).comparison == nil)
        let registry = try StateDirectory(path: "\(folder.path)/state").registry
        try registry.promote(model: "loans", version: "1", reason: "test", now: 0)
        options.excluded = []
        let report = try train(options)
        let comparison = try #require(report.comparison)
        #expect(comparison.version == "1" && comparison.result.method == "delong" && comparison.result.difference > 0)
        let measured = try #require(report.holdout["roc_auc"]?.value)
        #expect(abs(measured - comparison.result.second) < 1e-12)
        #expect(report.version == "2" && report.text().contains("Against the champion v1"))
    }

    @Test func aFlippedBitIsFound() throws {
        var options = try folder.options(TrainFolder.loans(200))
        options.outputPath = "\(folder.path)/out"
        options.trials = 1
        _ = try train(options)
        let path = try folder.damage("out")
        let question = PredictOptions(model: path, dataPath: options.dataPath)
        let found = stop { _ = try PredictCommand.render(question) }
        #expect(found?.exitCode == 2 && found?.message?.contains("model.tide") == true)
    }
}

/// Counts calls from any thread.
final class CallCount: @unchecked Sendable {
    // Guarded by the lock.
    private var value = 0
    private let lock = NSLock()

    func next() -> Int {
        lock.withLock {
            value += 1
            return value
        }
    }
}
