import Foundation
import Learning
import Statistics
import Testing

@testable import Agent

/// The command on the data sets of `TIDEWATCH_DATA`, with budgets of a few seconds.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TIDEWATCH_DATA"] != nil)) struct TrainRealDataTests {
    private let folder: TrainFolder

    init() throws { folder = try TrainFolder() }

    private func options(_ name: String, target: String?) -> TrainOptions {
        let data = ProcessInfo.processInfo.environment["TIDEWATCH_DATA"] ?? ""
        var options = TrainOptions(dataPath: "\(data)/\(name).csv.gz", target: target)
        options.isQuiet = true
        if target != nil { (options.folds, options.hasLearningCurve) = (2, false) }
        return options
    }

    /// White and red wines are two clusters, which nobody told.
    @Test func wineClusters() throws {
        var options = options("wine_quality", target: nil)
        options.task = .clustering
        options.excluded = ["type", "quality"]
        options.maximumClusters = 3
        options.outputPath = "\(folder.path)/wine"
        let report = try #require(
            try TrainCommand.train(options, control: TrainingControl()) as? ClusterReport)
        #expect(report.clusters.count == 2)
        var question = PredictOptions(model: "\(folder.path)/wine", dataPath: options.dataPath)
        question.isQuiet = true
        let clusters = try PredictCommand.render(question).split(separator: "\n").dropFirst().map { $0.prefix(1) }
        // White wines come first, 4,898 of them.
        let white = clusters.prefix(4_898).count { $0 == clusters[clusters.startIndex] }
        let red = clusters.dropFirst(4_898).count { $0 != clusters[clusters.startIndex] }
        #expect(white > 4_750 && red > 1_500)
    }

    /// The hours of a day by how many bicycles they want.
    @Test func bicycleRanking() throws {
        var options = options("bike_sharing_hour", target: "cnt")
        options.task = .ranking
        options.group = "dteday"
        options.excluded = ["casual", "registered"]
        options.trials = 1
        let report = try train(options)
        #expect(report.leftOut.map(\.column).contains("instant"))
        let found = try #require(report.holdout["ndcg_at_10"]?.value)
        let chance = try #require(report.chance.first?.value.value)
        #expect(found > 0.95 && chance < 0.6)
    }

    /// The number of the customer is not learned from; what is left predicts as well as published.
    @Test func creditDefaults() throws {
        var options = options("credit_default_taiwan", target: try lastColumn("credit_default_taiwan"))
        options.trials = 1
        options.learners = ["boosted_trees"]
        let report = try train(options)
        #expect(report.leftOut.count == 1)
        #expect((report.holdout["roc_auc"]?.value ?? 0) > 0.76)
    }

    private func lastColumn(_ name: String) throws -> String {
        let data = ProcessInfo.processInfo.environment["TIDEWATCH_DATA"] ?? ""
        return try #require(try Table.read(path: "\(data)/\(name).csv.gz", maximumRows: 40_000).columnNames.last)
    }
}
