import Foundation
import FoundationXML
import Learning
import Registry
import Testing
import TidewatchTestKit

@testable import Agent

/// `train --task clustering`, and what `predict` and `explain` make of it.
@Suite struct ClusterTrainingTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    /// Three kinds of customers, with gaps; `id` names the rows.
    private static func customers(_ count: Int = 240) -> String {
        var stream = DriftStream(seed: 6)
        var text = "id,income,visits,channel,constant\n"
        for row in 0..<count {
            let kind = row % 3
            let income = row % 23 == 0 ? "" : "\(stream.normal(mean: Double(kind) * 40_000, deviation: 3_000))"
            text += "\(row),\(income),\(stream.normal(mean: kind == 1 ? 12 : 2, deviation: 0.5)),"
            text += "\(row % 29 == 0 ? "" : ["web", "partner", "shop"][kind]),1\n"
        }
        return text
    }

    private func options() throws -> TrainOptions {
        var options = TrainOptions(dataPath: try folder.file(Self.customers()), target: nil)
        options.task = .clustering
        options.isQuiet = true
        options.maximumClusters = 6
        return options
    }

    private func cluster(
        _ options: TrainOptions, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> ClusterReport {
        let control = TrainingControl(isCancelled: isCancelled)
        return try #require(try TrainCommand.train(options, control: control) as? ClusterReport)
    }

    @Test func theSilhouetteChoosesTheNumber() throws {
        let report = try cluster(options())
        #expect(report.clusters.count == 3 && report.clusters.allSatisfy { (78...82).contains($0.rows) })
        #expect(report.choices.map(\.clusters) == [2, 3, 4, 5, 6])
        #expect(report.leftOut.map(\.column) == ["id", "constant"])
        #expect((report.kMeans.silhouette ?? 0) > 0.6)
        #expect(report.text().contains("3 clusters have the greatest silhouette of 2 to 6"))
        // The cluster with many visits is told by them.
        let many = try #require(
            report.clusters.max {
                $0.centre.first { $0.name == "visits" }?.value ?? 0 < $1.centre.first { $0.name == "visits" }?.value
                    ?? 0
            })
        let visits = try #require(many.centre.first { $0.name == "visits" })
        #expect(abs(visits.value - 12) < 1)
        #expect(many.summary.contains("visits +") || many.summary.contains("channel=partner +"))
        var asked = try options()
        asked.maximumClusters = nil
        asked.clusters = 2
        #expect(try cluster(asked).clusters.count == 2)
    }

    @Test func filesAreTheSameForTheSameSeed() throws {
        var options = try options()
        for name in ["one", "two"] {
            options.outputPath = "\(folder.path)/\(name)"
            _ = try cluster(options)
        }
        let files = try folder.contents("one")
        #expect(try folder.contents("two") == files)
        #expect(Set(files.keys) == ["model.tide", "reference.json", "report.json", "card.md", "card.html"])
        #expect(XMLParser(data: try #require(files["card.html"])).parse())
        let card = String(decoding: try #require(files["card.md"]), as: UTF8.self)
        for title in ["Purpose", "Data", "Model", "Clusters", "Limits", "How to roll back"] {
            #expect(card.contains("\n## \(title)\n"), "\(title)")
        }
        let report = try JSONSerialization.jsonObject(with: try #require(files["report.json"]))
        let root = try #require(report as? [String: Any])
        #expect(root["task"] as? String == "clustering" && root["trials"] as? Int == 5)
        let clusters = try #require(root["clusters"] as? [[String: Any]])
        #expect(clusters.compactMap { $0["rows"] as? Int }.reduce(0, +) == 240)
        #expect((clusters[0]["centre"] as? [String: NSNumber])?["channel=web"] != nil)
    }

    @Test func predictGivesClusterAndDistance() throws {
        var options = try options()
        options.model = "segments"
        options.registers = true
        options.stateDirectory = "\(folder.path)/state"
        #expect(try cluster(options).version == "1")
        var question = PredictOptions(model: "segments@1", dataPath: options.dataPath)
        question.stateDirectory = options.stateDirectory
        question.isQuiet = true
        let lines = try PredictCommand.render(question).split(separator: "\n").map { $0.split(separator: ",") }
        #expect(lines.count == 241 && lines[0] == ["cluster", "distance"])
        // But for a row or two with gaps, each kind of customer is a cluster.
        let pairs = Dictionary(grouping: 0..<240) { [Substring("\($0 % 3)"), lines[$0 + 1][0]] }
        #expect(pairs.values.count { $0.count > 70 } == 3)
        question.isJSON = true
        #expect(try PredictCommand.render(question).hasPrefix("{\"cluster\":\(lines[1][0]),\"distance\":"))
        let refused = stop { _ = try ExplainCommand.render(ExplainOptions(prediction: question)) }
        #expect(refused?.exitCode == 2 && refused?.message?.contains("sets each cluster apart") == true)
        // A model of another kind cannot take its name.
        try StateDirectory(path: "\(folder.path)/state").registry.promote(
            model: "segments", version: "1", reason: "test", now: 0)
        var other = try folder.options(Self.customers(), target: "channel")
        other.model = "segments"
        other.stateDirectory = options.stateDirectory
        #expect(stop { try train(other) }?.message?.contains("is a clustering") == true)
    }

    @Test func cancelledOrDamagedLeavesNothing() throws {
        var options = try options()
        options.outputPath = "\(folder.path)/out"
        for after in [0, 5, 50] {
            let calls = CallCount()
            #expect(stop { _ = try cluster(options, isCancelled: { calls.next() > after }) }?.exitCode == 1)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["data.csv"])
        _ = try cluster(options)
        let path = try folder.damage("out")
        #expect(
            stop { _ = try PredictCommand.render(PredictOptions(model: path, dataPath: options.dataPath)) }?.exitCode
                == 2)
    }

    @Test func fewRowsAndEqualRows() throws {
        var options = try options()
        options.dataPath = try folder.file("x,y\n1,2\n3,4\n5,9\n", "three.csv")
        #expect(try cluster(options).clusters.count == 2)
        options.dataPath = try folder.file("x,y\n1,2\n", "one.csv")
        #expect(stop { _ = try cluster(options) }?.exitCode == 2)
        options.dataPath = try folder.file("x,y\n1,2\n1,2\n1,2\n1,2\n", "equal.csv")
        #expect(stop { _ = try cluster(options) }?.message?.contains("no column is left") == true)
    }
}
