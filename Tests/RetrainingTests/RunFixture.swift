import Foundation
import Learning
import Registry
import Retraining
import Statistics
import Storage
import Windowing

/// A registry in memory with its blobs in a folder that goes with the test, and what runs need.
final class RunFixture {
    let registry: ModelRegistry
    private let folder: String

    init() throws {
        var template = Array("/tmp/tidewatch-retraining-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw CocoaError(.fileWriteUnknown) }
        folder = String(cString: made)
        registry = ModelRegistry(
            database: try .inMemory(migrations: ModelRegistry.migrations), blobs: try BlobStore(directory: folder))
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            // The operating system clears /tmp; a test must not fail for this.
        }
    }

    static let binary = ModelTask.binary(positive: "fraud")

    func run(
        _ task: ModelTask = binary, metric: PerformanceMetric = .accuracy, minimumGain: Double = 0.02
    ) -> RetrainingRun {
        RetrainingRun(
            settings: RetrainingSettings(
                task: task, holdout: 0.25, metric: metric, minimumGain: minimumGain,
                parameters: BoostingParameters(rounds: 20, learningRate: 0.3, maximumDepth: 3, seed: 7)),
            registry: registry)
    }

    /// Trains on the rows and makes it the champion.
    func install(trainedOn rows: [LabelledRow], task: ModelTask = binary) throws -> VersionRecord {
        let model = try BoostedTreeLearner(
            parameters: BoostingParameters(rounds: 20, learningRate: 0.3, maximumDepth: 3)
        )
        .fit(try TableBuilder.table(rows: rows), target: TableBuilder.target, task: task)
        let record = try registry.register(
            model: "fraud", artifact: try model.serialized(), reference: nil, lineage: Lineage(trigger: "import"),
            now: 1)
        try registry.promote(model: "fraud", version: record.version, reason: "first", now: 2)
        return try registry.version(record.version, of: "fraud")
    }
}
