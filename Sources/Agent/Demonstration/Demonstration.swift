import Events
import Foundation
import KafkaClient
import Learning
public import Registry
import Retraining
import Statistics

/// The whole loop in one process: an embedded broker, a simulated production system that knows only the topics, and the
/// agent between them, in lock-step: a day is served, the agent works it off, the next day begins. The same rows give
/// the same story.
public final class Demonstration {
    private static let patienceSeconds = 300.0

    public let state: StateDirectory
    public let production: SimulatedProduction
    /// Where the embedded broker listens, for other programs to look in.
    public let bootstrapServers: String
    private let configuration: AgentConfiguration
    private let model: ModelConfiguration
    private let broker: EmbeddedBroker
    private let agent: LiveAgent
    private let directory: String

    /// - Parameters:
    ///   - training: what the first version is trained on.
    ///   - labelDelayMicroseconds: how long outcomes take.
    ///   - directory: an empty folder for the agent's state.
    public init(
        configuration: AgentConfiguration, training: [ProductionRow], labelDelayMicroseconds: Int64, directory: String,
        observer: @escaping AgentObserver
    ) throws {
        guard let model = configuration.models.first, case .binary(let positive) = model.task else {
            throw DemonstrationError("the demonstration needs a binary model in its configuration")
        }
        var configuration = configuration
        configuration.agent.stateDirectory = directory
        let fast = ["fetch.wait.max.ms": "10", "session.timeout.ms": "6000", "linger.ms": "1"]
        configuration.kafka.properties.merge(fast) { $1 }
        self.configuration = configuration
        self.model = model
        self.directory = directory
        broker = try EmbeddedBroker(topics: [
            (configuration.sources.predictionsTopic, 4), (configuration.sources.outcomesTopic, 4),
            (configuration.publish.modelsTopic, 1), (configuration.publish.eventsTopic, 1),
        ])
        bootstrapServers = broker.bootstrapServers
        state = try StateDirectory(path: directory)
        let record = try Self.register(
            training, as: model, in: state.registry, trigger: "import", note: "trained before the story begins")
        try state.registry.promote(
            model: model.name, version: record.version, reason: "the first version",
            now: record.lineage.dataToMicroseconds)
        agent = try LiveAgent(
            configuration: configuration, brokers: broker.bootstrapServers, state: state, observer: observer)
        production = try SimulatedProduction(
            settings: .init(
                bootstrapServers: broker.bootstrapServers, model: model.name, positive: positive,
                labelDelayMicroseconds: labelDelayMicroseconds))
        let running = agent
        let thread = Thread {
            do {
                try running.run()
            } catch {
                observer(.problem("the agent has stopped: \(error)"))
            }
        }
        thread.start()
        try production.followChampion(timeout: Self.patienceSeconds)
    }

    /// Serves rows with the champion of the moment and waits until the agent has worked them off.
    ///
    /// - Returns: for each row whether the prediction was right.
    @discardableResult
    public func serve(_ rows: [ProductionRow]) throws -> [Bool] {
        let results = try production.serve(rows)
        try wait()
        try production.followChampion(timeout: Self.patienceSeconds)
        return results
    }

    /// Registers a version trained on these rows and promotes it, as a person would with `tidewatch models promote`.
    public func promoteByHand(trainedOn rows: [ProductionRow], reason: String) throws -> VersionRecord {
        let record = try Self.register(rows, as: model, in: state.registry, trigger: "import", note: reason)
        try state.registry.promote(
            model: model.name, version: record.version, reason: reason, now: rows.last?.timeMicroseconds ?? 0)
        try production.followChampion(until: record.version, timeout: Self.patienceSeconds)
        return record
    }

    /// Ends the story: the last outcomes are sent and worked off, the agent stops.
    public func finish() throws {
        try production.finish()
        try wait()
        agent.stop()
        _ = try agent.status.waitUntilStopped(timeout: Self.patienceSeconds)
        production.close()
    }

    private func wait() throws {
        guard try agent.status.waitUntilHandled(production.produced, timeout: Self.patienceSeconds) else {
            throw DemonstrationError(
                "the agent has worked off \(agent.status.handledRecords) of \(production.produced) records and goes no "
                    + "further")
        }
    }

    private static func register(
        _ rows: [ProductionRow], as model: ModelConfiguration, in registry: ModelRegistry, trigger: String, note: String
    ) throws -> VersionRecord {
        let table = try Table(rows: rows, target: "label")
        let settings = model.retrainingSettings
        let trained = try BoostedTreeLearner(parameters: settings.parameters).fit(
            table, target: "label", task: model.task)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let profile = try encoder.encode(table.dropping(["label"]).referenceProfile)
        return try registry.register(
            model: model.name, artifact: try trained.serialized(), reference: Array(profile),
            lineage: Lineage(
                trigger: trigger, dataFromMicroseconds: rows.first?.timeMicroseconds ?? 0,
                dataToMicroseconds: rows.last?.timeMicroseconds ?? 0, rows: rows.count, note: note,
                importance: try trained.normalizedImportance()),
            now: rows.last?.timeMicroseconds ?? 0)
    }
}
