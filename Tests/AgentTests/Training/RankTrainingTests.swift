import Foundation
import FoundationXML
import Learning
import Registry
import Statistics
import Testing
import TidewatchTestKit

@testable import Agent

/// `train --task ranking`, and what `predict` and `explain` make of it.
@Suite struct RankTrainingTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    /// Lists of eight; what belongs on top follows from `match` and a little from the channel.
    private static func lists(_ count: Int) -> String {
        var stream = DriftStream(seed: 4)
        var text = "query,match,channel,noise,grade\n"
        for list in 0..<count {
            for _ in 0..<8 {
                let (match, isPartner) = (stream.uniform(), stream.uniform() < 0.4)
                let value = 3 * match + (isPartner ? 0.5 : 0) + stream.normal(deviation: 0.4)
                let grade = min(3, max(0, Int(value)))
                text += "q\(list),\(match),\(isPartner ? "partner" : "web"),\(stream.uniform()),\(grade)\n"
            }
        }
        return text
    }

    private func options(_ lists: Int = 60) throws -> TrainOptions {
        var options = try folder.options(Self.lists(lists), target: "grade")
        options.task = .ranking
        options.group = "query"
        options.learners = []
        options.stacks = true
        options.trials = 2
        options.places = 5
        return options
    }

    @Test func wholeListsAreHeldOut() throws {
        var options = try options()
        options.segments = ["channel"]
        let report = try train(options)
        #expect(report.holdoutRows % 8 == 0 && report.trainingRows % 8 == 0)
        #expect(report.holdoutRows + report.trainingRows == 480)
        #expect(report.features == ["match", "channel", "noise"])
        for name in ["ndcg_at_5", "mrr", "map"] {
            let found = try #require(report.holdout[name])
            let (value, low, high) = (
                try #require(found.value), try #require(found.low), try #require(found.high)
            )
            #expect(low < value && value <= high, "\(name)")
            let chance = try #require(report.chance.first { $0.name == name }?.value.value)
            #expect(value > chance + 0.02, "\(name) \(value) is hardly better than \(chance)")
            #expect(report.validation.contains { $0.name == name && $0.mean > 0.5 && $0.deviation != nil })
        }
        #expect(report.holdout.segments.first?.parts.map(\.name).sorted() == ["partner", "web"])
        #expect(report.importance.first?.feature == "match")
        let curve = try #require(report.curve)
        #expect(curve.points.count == 5 && curve.points.allSatisfy { $0.rows % 8 == 0 })
        #expect(curve.points.last?.mean ?? 0 > curve.points.first?.mean ?? 1)
        #expect(report.text().contains("an order by chance has ndcg_at_5"))
    }

    @Test func jsonAndFilesAreThoseOfTheContract() throws {
        var options = try options()
        for name in ["one", "two"] {
            options.outputPath = "\(folder.path)/\(name)"
            _ = try train(options)
        }
        let files = try folder.contents("one")
        #expect(try folder.contents("two") == files)
        #expect(files["model.ubj"] != nil && files["model-features.json"] != nil && files["trials.jsonl"] != nil)
        #expect(XMLParser(data: try #require(files["card.html"])).parse())
        let card = String(decoding: try #require(files["card.md"]), as: UTF8.self)
        #expect(card.contains("puts the rows of one \"query\" in order"))
        #expect(card.contains("| ndcg_at_5 |"))
        let report = try JSONSerialization.jsonObject(with: try #require(files["report.json"]))
        let root = try #require(report as? [String: Any])
        #expect(root["task"] as? String == "ranking" && root["metric"] as? String == "ndcg_at_5")
        #expect(root["trials"] as? Int == 2)
        #expect((root["holdout"] as? [String: [String: NSNumber]])?["map"]?["low"] != nil)
        #expect((root["validation"] as? [String: [String: NSNumber]])?["mrr"]?["sd"] != nil)
        let metrics = try JSONSerialization.jsonObject(with: try #require(files["metrics.json"]))
        #expect((metrics as? [String: Any])?["task"] as? String == "ranking")
    }

    @Test func predictGivesScoreAndPlace() throws {
        var options = try options()
        options.outputPath = "\(folder.path)/out"
        _ = try train(options)
        var question = PredictOptions(model: "\(folder.path)/out", dataPath: options.dataPath)
        question.isQuiet = true
        let lines = try PredictCommand.render(question).split(separator: "\n")
        #expect(lines.count == 481 && lines[0] == "score,place")
        // The places of a list are 1 to 8, those with higher scores first.
        let list = lines[1...8].map { $0.split(separator: ",") }
        let ordered = list.sorted { (Double($0[0]) ?? 0) > (Double($1[0]) ?? 0) }
        #expect(ordered.map { Int($0[1]) } == [1, 2, 3, 4, 5, 6, 7, 8])
        question.isJSON = true
        #expect(try PredictCommand.render(question).hasPrefix("{\"score\":\(list[0][0]),\"place\":\(list[0][1])}\n"))
        question.isJSON = false
        question.dataPath = try folder.file("match,channel,noise\n0.5,web,1\n0.1,never seen,\n", "alone.csv")
        #expect(try PredictCommand.render(question).split(separator: "\n").first == "score")

        var explained = ExplainOptions(prediction: question)
        explained.format = "json"
        let rows = try ExplainCommand.render(explained).split(separator: "\n")
        let scores = try PredictCommand.render(question).split(separator: "\n").dropFirst()
        #expect(rows.count == 2)
        for (row, score) in zip(rows, scores) {
            let root = try #require(try JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: Any])
            let sum = try #require(root["sum"] as? Double)
            #expect(abs(sum - (Double(score) ?? .nan)) < 1e-5)
        }
        explained.format = "html"
        #expect(XMLParser(data: Data(try ExplainCommand.render(explained).utf8)).parse())
    }

    @Test func registeredAndComparedWithTheChampion() throws {
        var options = try options()
        options.model = "search"
        options.registers = true
        options.stateDirectory = "\(folder.path)/state"
        options.excluded = ["match"]
        #expect(try train(options).comparison == nil)
        let registry = try StateDirectory(path: "\(folder.path)/state").registry
        try registry.promote(model: "search", version: "1", reason: "test", now: 0)
        options.excluded = []
        let report = try train(options)
        let comparison = try #require(report.comparison)
        #expect(comparison.metric == "ndcg_at_5" && comparison.result.difference > 0)
        let measured = try #require(report.holdout["ndcg_at_5"]?.value)
        #expect(abs(measured - comparison.result.second) < 1e-6)
        #expect(report.version == "2")
        var question = PredictOptions(model: "search@2", dataPath: options.dataPath)
        question.stateDirectory = options.stateDirectory
        question.isQuiet = true
        #expect(try PredictCommand.render(question).hasPrefix("score,place\n"))
        // A model of another kind cannot take its name.
        options.task = .regression
        options.group = nil
        options.places = nil
        #expect(stop { try train(options) }?.message?.contains("is a ranking") == true)
    }

    @Test func cancelledOrDamagedLeavesNothing() throws {
        var options = try options()
        options.outputPath = "\(folder.path)/out"
        for after in [0, 3, 30] {
            let calls = CallCount()
            #expect(stop { try train(options, isCancelled: { calls.next() > after }) }?.exitCode == 1)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["data.csv"])
        _ = try train(options)
        let path = try folder.damage("out")
        #expect(
            stop { _ = try PredictCommand.render(PredictOptions(model: path, dataPath: options.dataPath)) }?.exitCode
                == 2)
    }

    /// A relevance that is no grade is learned pair by pair.
    @Test func relevanceWithFractions() throws {
        let text = Self.lists(40).replacingOccurrences(of: ",3\n", with: ",2.5\n")
        var options = try options()
        options.dataPath = try folder.file(text, "fractions.csv")
        let report = try train(options)
        #expect(report.learner.contains("all pairs alike"))
        #expect((report.holdout["ndcg_at_5"]?.value ?? 0) > 0.7)
    }
}
