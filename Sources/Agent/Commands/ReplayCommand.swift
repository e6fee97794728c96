import Events
import Foundation
import KafkaClient
import Learning
import Registry
import Retraining
import Statistics
import Storage
import Windowing

/// What `tidewatch replay` was asked.
public struct ReplayOptions: Sendable {
    public var configurationPath: String
    public var overrides: [String]
    /// Event files; none reads the history of the configured topics.
    public var paths: [String]
    /// Event time: from this on, and before that. Dates or RFC 3339.
    public var from: String?
    public var to: String?
    /// The state directory of the agent whose ledger says which versions and references were in force when.
    public var ledger: String?
    public var predictionColumn: String?
    public var scoreColumn: String?
    public var outcomeColumn: String?
    public var timeColumn: String?
    public var idColumn: String?
    public var excludedColumns: [String]
    public var failsOnDrift: Bool
    public var format: OutputFormat
    public var isQuiet: Bool

    public init(
        configurationPath: String, overrides: [String] = [], paths: [String], from: String? = nil, to: String? = nil,
        ledger: String? = nil, predictionColumn: String? = nil, scoreColumn: String? = nil,
        outcomeColumn: String? = nil,
        timeColumn: String? = nil, idColumn: String? = nil,
        excludedColumns: [String] = [], failsOnDrift: Bool = false, format: OutputFormat = .text, isQuiet: Bool = false
    ) {
        self.configurationPath = configurationPath
        self.overrides = overrides
        self.paths = paths
        self.from = from
        self.to = to
        self.ledger = ledger
        self.predictionColumn = predictionColumn
        self.scoreColumn = scoreColumn
        self.outcomeColumn = outcomeColumn
        self.timeColumn = timeColumn
        self.idColumn = idColumn
        self.excludedColumns = excludedColumns
        self.failsOnDrift = failsOnDrift
        self.format = format
        self.isQuiet = isQuiet
    }
}

/// `tidewatch replay`: recorded events through the agent's pipeline, in event time, as fast as it goes. Reads files or
/// topics and writes nothing but its output.
public enum ReplayCommand {
    public static func run(_ options: ReplayOptions) throws {
        let configuration: AgentConfiguration
        do {
            configuration = try AgentConfiguration.load(
                path: options.configurationPath, overrides: options.overrides,
                environment: ProcessInfo.processInfo.environment)
        } catch {
            throw CommandStop.badInput(error.description)
        }
        let interval = try interval(of: options)
        var printer = ReplayPrinter(format: options.format, isQuiet: options.isQuiet)
        let replay: Replay
        var removed: Int64?
        do {
            let record = try record(options: options, configuration: configuration) {
                printer.print($0, at: interval?.lowerBound ?? 0)
            }
            replay = try Replay(
                configuration: configuration, interval: interval, commands: record.commands, scorer: record.scorer)
            if options.paths.isEmpty {
                removed = try readTopics(replay, options: options, configuration: configuration, interval: interval) {
                    printer.print($0, at: replay.nowMicroseconds)
                }
            }
            for path in options.paths {
                var source = try source(path, options: options, configuration: configuration)
                try replay.run(&source) { printer.print($0, at: replay.nowMicroseconds) }
            }
        } catch let error as StorageError {
            throw CommandStop.badInput(error.description)
        } catch let error as LearningError {
            throw CommandStop.badInput(error.description)
        } catch let error as KafkaError where error.code == .configuration || error.code == .unknownTopic {
            throw CommandStop.badInput("\(options.configurationPath): \(error)")
        }
        replay.finish { printer.print($0, at: replay.nowMicroseconds) }
        printer.summarise(replay, removedOffsets: removed)
        if options.failsOnDrift, printer.alerts > 0 { throw CommandStop.driftFound }
    }

    /// What was in force when the events were live, and who scores in shadow: as the ledger says, else, where topics are read,
    /// as their control topic does.
    private static func record(
        options: ReplayOptions, configuration: AgentConfiguration, observer: (AgentEvent) -> Void
    ) throws -> (commands: CommandHistory, scorer: Coordinator.ShadowScoring?) {
        let models = configuration.models.map(\.name)
        if let directory = options.ledger {
            let registries = try ModelsCommand.registries(
                at: RegistryLocation(configurationPath: nil, stateDirectory: directory, format: options.format))
            var commands = CommandHistory()
            var scorers: [String: ShadowScorer] = [:]
            for registry in registries {
                let scorer = ShadowScorer(registry: registry)
                for model in models where try !registry.effects(of: model).isEmpty {
                    commands.add(try CommandHistory(of: [model], in: registry))
                    scorers[model] = scorer
                }
            }
            return (
                commands,
                { [scorers] model, version, rows in
                    guard let scorer = scorers[model] else {
                        throw RegistryError(.unknownModel, "\(directory) has no versions of \(model)")
                    }
                    return try scorer.score(model: model, version: version, rows: rows)
                }
            )
        }
        guard options.paths.isEmpty, configuration.sources.files.isEmpty,
            let brokers = configuration.kafka.bootstrapServers
        else { return (CommandHistory(), nil) }
        return (
            try CommandHistory(controlTopicOf: configuration, brokers: brokers, observer: observer), nil
        )
    }

    /// - Returns: how many records retention has taken away.
    private static func readTopics(
        _ replay: Replay, options: ReplayOptions, configuration: AgentConfiguration, interval: Range<Int64>?,
        observer: (AgentEvent) -> Void
    ) throws -> Int64 {
        guard configuration.sources.files.isEmpty else {
            throw CommandStop.badInput(
                "nothing to replay: name the event files "
                    + "(\(configuration.sources.streams.joined(separator: " and ")) and what rotation has made of them)"
            )
        }
        guard let brokers = configuration.kafka.bootstrapServers else {
            throw CommandStop.badInput(
                "nothing to replay: name event files, or the brokers in kafka.bootstrap_servers to read "
                    + configuration.sources.topics.joined(separator: " and "))
        }
        let history = try TopicHistory(
            configuration: configuration, brokers: brokers,
            fromMicroseconds: options.from == nil ? nil : interval?.lowerBound)
        try replay.run(history, observer: observer)
        return history.removedOffsets
    }

    private static func interval(of options: ReplayOptions) throws -> Range<Int64>? {
        guard options.from != nil || options.to != nil else { return nil }
        func time(_ text: String?, _ option: String) throws -> Int64? {
            guard let text else { return nil }
            if let time = EventTime.parse(text) { return time }
            throw CommandStop.badInput(
                "\(option): \"\(text)\" is no time; expected a date or a time such as 2026-10-01 or 2026-10-01T08:00:00Z"
            )
        }
        let from = try time(options.from, "--from") ?? .min
        let to = try time(options.to, "--to") ?? .max
        guard from < to else {
            throw CommandStop.badInput("--to: \(options.to ?? "") is not after --from, which is \(options.from ?? "")")
        }
        return from..<to
    }

    private static func source(
        _ path: String, options: ReplayOptions, configuration: AgentConfiguration
    ) throws -> any EventSource {
        let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
        guard name.hasSuffix(".csv") else { return try JSONLinesSource(path: path) }
        guard let model = configuration.models.first, configuration.models.count == 1 else {
            throw CommandStop.badInput("\(path): a CSV file holds the events of one model; configure exactly one")
        }
        let mapping = CSVMapping(
            of: model, prediction: options.predictionColumn, score: options.scoreColumn,
            outcome: options.outcomeColumn, time: options.timeColumn, id: options.idColumn,
            excluded: options.excludedColumns)
        return try CSVSource(path: path, mapping: mapping)
    }
}
