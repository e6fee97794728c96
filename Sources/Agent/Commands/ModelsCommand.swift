import Events
import Foundation
import Learning
import Registry
import Storage

/// Where the registry is, and how to print.
public struct RegistryLocation: Sendable {
    public var configurationPath: String?
    public var stateDirectory: String?
    public var format: OutputFormat

    public init(configurationPath: String?, stateDirectory: String?, format: OutputFormat) {
        self.configurationPath = configurationPath
        self.stateDirectory = stateDirectory
        self.format = format
    }
}

/// `tidewatch models`: the registry by hand. A running agent notices what is changed here within a second.
public enum ModelsCommand {
    public static func list(model: String?, at location: RegistryLocation) throws {
        let records = try registries(at: location).flatMap { registry in
            let names = try model.map { [$0] } ?? registry.models()
            return try names.flatMap { try registry.versions(of: $0) }
        }
        if let model, records.isEmpty {
            throw CommandStop.badInput("there is no model '\(model)'; see 'tidewatch models list'")
        }
        if location.format == .json { return try print(records) }
        var table = TextTable(header: ["model", "version", "state", "created", "rows", "trigger", "metrics"])
        for record in records {
            table.add([
                record.model, record.version, record.state.rawValue, time(record.createdMicroseconds),
                "\(record.lineage.rows)", record.lineage.trigger, metrics(record.lineage, champion: false),
            ])
        }
        CommandOutput.standardOutput(table.lines.joined(separator: "\n"))
    }

    public static func show(_ name: String, at location: RegistryLocation) throws {
        let record = try find(name, in: try open(location, of: split(name)?.model ?? name).registry)
        if location.format == .json { return try print(record) }
        let lineage = record.lineage
        var lines = [
            "\(record.model) v\(record.version)  \(record.state.rawValue)",
            "created    \(time(record.createdMicroseconds))",
            "trigger    \(lineage.trigger)" + (lineage.parent.map { ", champion then v\($0)" } ?? ""),
            "data       \(lineage.rows) rows, \(time(lineage.dataFromMicroseconds)) to \(time(lineage.dataToMicroseconds))",
            "hold-out   \(metrics(lineage, champion: false))",
            "champion   \(metrics(lineage, champion: true))",
            "parameters "
                + lineage.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                .joined(separator: " "),
            "artifact   \(record.artifactDigest ?? "none") (\(record.artifactBytes) bytes)",
            "reference  \(record.referenceDigest ?? "none")",
        ]
        if let anchor = lineage.anchor {
            let moved = anchor.farthestFirst.prefix(5).map { "\($0.column) \(String(format: "%.3f", $0.psi))" }
            let whose = anchor.version.isEmpty ? "the first reference" : "v\(anchor.version)'s, the first reference"
            lines.append("moved      PSI from \(whose): " + moved.joined(separator: ", "))
        }
        let important = lineage.mostImportantFirst.prefix(5).map {
            "\($0.column) \(String(format: "%.3f", $0.importance))"
        }
        if !important.isEmpty { lines.append("importance " + important.joined(separator: ", ")) }
        if !lineage.note.isEmpty { lines.append("note       \(lineage.note)") }
        CommandOutput.standardOutput(lines.joined(separator: "\n"))
    }

    public static func history(of model: String, at location: RegistryLocation) throws {
        let entries = try open(location, of: model).registry.history(of: model)
        guard !entries.isEmpty else {
            throw CommandStop.badInput("there is no model '\(model)'; see 'tidewatch models list'")
        }
        if location.format == .json { return try print(entries) }
        var table = TextTable(header: ["at", "event", "version", "before", "from", "reason"])
        for entry in entries {
            table.add([
                time(entry.atMicroseconds), entry.event.rawValue, entry.version, entry.previous ?? "–", from(entry),
                entry.reason,
            ])
        }
        CommandOutput.standardOutput(table.lines.joined(separator: "\n"))
    }

    public static func promote(_ name: String, reason: String, at location: RegistryLocation) throws {
        guard let (model, version) = split(name) else {
            throw CommandStop.badInput("'\(name)' names no version; write NAME@VERSION")
        }
        let store = try open(location, of: model)
        try translating {
            try store.registry.promote(model: model, version: version, reason: reason, now: WallClock.microseconds())
        }
        try print(try find(name, in: store.registry), in: store, at: location, "is the champion of \(model) now")
    }

    public static func rollback(_ model: String, reason: String, at location: RegistryLocation) throws {
        let store = try open(location, of: model)
        let record = try translating {
            try store.registry.rollback(model: model, reason: reason, now: WallClock.microseconds())
        }
        try print(record, in: store, at: location, "is the champion of \(model) again")
    }

    public static func retrain(_ model: String, at location: RegistryLocation) throws {
        try open(location, of: model).registry.demandRetraining(of: model, now: WallClock.microseconds())
        if location.format == .text {
            CommandOutput.standardOutput("The agent retrains \(model) as soon as it has enough labelled rows.")
        }
    }

    /// The model of NAME (its champion) or NAME@VERSION, and where `train --register` leaves what belongs to it.
    static func model(_ name: String, at location: RegistryLocation) throws -> (model: ArtifactModel, folder: String) {
        let store = try open(location, of: split(name)?.model ?? name)
        let record = try find(name, in: store.registry)
        let model = try translating { try ArtifactModel(serialized: try store.registry.artifact(of: record)) }
        return (model, "\(store.path)/training/\(record.model)@\(record.version)")
    }

    // MARK: -

    /// The registry that a model is in. Replicas have one for each evaluator.
    private static func open(_ location: RegistryLocation, of model: String) throws -> Store {
        let stores = try open(location)
        if stores.count == 1 { return stores[0] }
        for store in stores where try !store.registry.versions(of: model).isEmpty { return store }
        throw CommandStop.badInput("there is no model '\(model)'; see 'tidewatch models list'")
    }

    /// All registries of a state directory: its own, or those of its evaluators.
    static func registries(at location: RegistryLocation) throws -> [ModelRegistry] {
        try open(location).map(\.registry)
    }

    /// A registry and the folder that it is in.
    private struct Store {
        var registry: ModelRegistry
        var path: String

        /// Whether an agent works with it.
        var isInUse: Bool {
            guard FileManager.default.fileExists(atPath: path + "/lock") else { return false }
            do {
                _ = try FileLock(path: path + "/lock")
                return false
            } catch {
                return true
            }
        }
    }

    private static func open(_ location: RegistryLocation) throws -> [Store] {
        var path = location.stateDirectory
        if path == nil, let file = location.configurationPath {
            do {
                path = try AgentConfiguration.load(
                    path: file, environment: ProcessInfo.processInfo.environment
                ).agent.stateDirectory
            } catch {
                throw CommandStop.badInput(error.description)
            }
        }
        let directory = path ?? "./tidewatch-state"
        let files = FileManager.default
        let evaluators = directory + "/evaluators"
        let numbers = ((try? files.contentsOfDirectory(atPath: evaluators)) ?? []).compactMap { Int($0) }.sorted()
        let shared = numbers.compactMap { number in
            EvaluatorFolder.newest(in: "\(evaluators)/\(number)").map {
                (path: $0, blobs: "\(evaluators)/\(number)/blobs")
            }
        }
        let folders = [(path: directory, blobs: directory + "/blobs")] + shared
        let known = folders.filter { files.fileExists(atPath: $0.path + "/state.sqlite") }
        guard !known.isEmpty else {
            throw CommandStop.badInput(
                "\(directory) holds no registry; name the agent's with --state-directory or --config")
        }
        return try known.map {
            Store(registry: try StateDirectory(path: $0.path, blobs: $0.blobs).registry, path: $0.path)
        }
    }

    private static func find(_ name: String, in registry: ModelRegistry) throws -> VersionRecord {
        try translating {
            if let (model, version) = split(name) { return try registry.version(version, of: model) }
            guard let champion = try registry.champion(of: name) else {
                throw RegistryError(.unknownModel, "\(name) has no champion; write \(name)@VERSION")
            }
            return champion
        }
    }

    private static func split(_ name: String) -> (model: String, version: String)? {
        guard let mark = name.lastIndex(of: "@"), mark > name.startIndex else { return nil }
        let version = String(name[name.index(after: mark)...])
        return (String(name[..<mark]), version.hasPrefix("v") ? String(version.dropFirst()) : version)
    }

    private static func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as RegistryError {
            throw CommandStop.badInput(error.description)
        }
    }

    /// The agent goes over to a version between two boundaries: it notices within a second, or when it is started.
    private static func print(
        _ record: VersionRecord, in store: Store, at location: RegistryLocation, _ text: String
    ) throws {
        if location.format == .json { return try print(record) }
        let when = store.isInUse ? "" : " No agent is running: it goes over to it at its next boundary, once started."
        CommandOutput.standardOutput("v\(record.version) \(text).\(when)")
    }

    /// Where in the stream the agent went over to the version, if it has.
    private static func from(_ entry: LedgerEntry) -> String {
        guard let position = entry.inForceFrom else { return "–" }
        return position.moment.map(time) ?? "the start"
    }

    private static func print(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        CommandOutput.standardOutput(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    private static func time(_ microseconds: Int64) -> String {
        String(EventTime.format(microseconds).prefix(16)).replacingOccurrences(of: "T", with: " ")
    }

    private static func metrics(_ lineage: Lineage, champion: Bool) -> String {
        let prefix = "champion."
        let chosen = lineage.metrics.filter { $0.key.hasPrefix(prefix) == champion }
        guard !chosen.isEmpty else { return "–" }
        return chosen.sorted { $0.key < $1.key }.map {
            "\(champion ? String($0.key.dropFirst(prefix.count)) : $0.key) \(String(format: "%.4f", $0.value))"
        }.joined(separator: ", ")
    }
}
